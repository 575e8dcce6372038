using System.Runtime.InteropServices;

namespace FuncChat.Sandbox.Confinement;

/// <summary>The numbers of the system calls that <see cref="SystemCallFilter"/> knows, from asm/unistd.h of each architecture.</summary>
internal sealed class SystemCallNumbers
{
    /// <summary>AUDIT_ARCH_… of linux/audit.h.</summary>
    public required uint Architecture { get; init; }

    public required nint Seccomp { get; init; }

    public required nint SetCapabilities { get; init; }

    public required uint Clone { get; init; }

    public uint Clone3 { get; } = 435;

    /// <summary>tgkill</summary>
    public required uint SignalThread { get; init; }

    /// <summary>Calls that are allowed where their first argument is 0, which is this process or thread: prlimit64, sched_setaffinity.</summary>
    public required IReadOnlyList<uint> OwnOnly { get; init; }

    public required IReadOnlyList<uint> Allowed { get; init; }

    public static SystemCallNumbers? OfThisProcess => RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => X64,
        System.Runtime.InteropServices.Architecture.Arm64 => Arm64,
        _ => null,
    };

    private static SystemCallNumbers X64 => new()
    {
        Architecture = 0xC000003E,
        Seccomp = 317,
        SetCapabilities = 126,
        Clone = 56,
        SignalThread = 234,
        OwnOnly = [302, 203],
        Allowed =
        [
            0, 1, 3, 5, 7, 271,         // read, write, close, fstat, poll, ppoll
            8, 17, 20, 293,             // lseek, pread64, writev, pipe2
            9, 10, 11, 12, 25, 27, 28,  // mmap, mprotect, munmap, brk, mremap, mincore, madvise
            13, 14, 15, 131,            // rt_sigaction, rt_sigprocmask, rt_sigreturn, sigaltstack
            24, 202, 273, 334, 324,     // sched_yield, futex, set_robust_list, rseq, membarrier
            204, 146, 147, 309,         // sched_getaffinity, sched_get_priority_max, sched_get_priority_min, getcpu
            35, 228, 229, 230, 219,     // nanosleep, clock_gettime, clock_getres, clock_nanosleep, restart_syscall
            39, 186, 102, 107, 63,      // getpid, gettid, getuid, geteuid, uname
            98, 99, 100,                // getrusage, sysinfo, times
            158, 218, 318,              // arch_prctl, set_tid_address, getrandom
            60, 231,                    // exit, exit_group
        ],
    };

    private static SystemCallNumbers Arm64 => new()
    {
        Architecture = 0xC00000B7,
        Seccomp = 277,
        SetCapabilities = 91,
        Clone = 220,
        SignalThread = 131,
        OwnOnly = [261, 122],
        Allowed =
        [
            63, 64, 57, 80, 73,                 // read, write, close, fstat, ppoll
            62, 67, 66, 59,                     // lseek, pread64, writev, pipe2
            222, 226, 215, 214, 216, 232, 233,  // mmap, mprotect, munmap, brk, mremap, mincore, madvise
            134, 135, 139, 132,                 // rt_sigaction, rt_sigprocmask, rt_sigreturn, sigaltstack
            124, 98, 99, 293, 283,              // sched_yield, futex, set_robust_list, rseq, membarrier
            123, 125, 126, 168,                 // sched_getaffinity, sched_get_priority_max, sched_get_priority_min, getcpu
            101, 113, 114, 115, 128,            // nanosleep, clock_gettime, clock_getres, clock_nanosleep, restart_syscall
            172, 178, 174, 175, 160,            // getpid, gettid, getuid, geteuid, uname
            165, 179, 153,                      // getrusage, sysinfo, times
            96, 278,                            // set_tid_address, getrandom
            93, 94,                             // exit, exit_group
        ],
    };
}
