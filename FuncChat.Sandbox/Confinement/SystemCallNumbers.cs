using System.Runtime.InteropServices;

namespace FuncChat.Sandbox.Confinement;

/// <summary>The numbers of the system calls that <see cref="SystemCallFilter"/> speaks of, from asm/unistd.h of each architecture.</summary>
internal sealed class SystemCallNumbers
{
    /// <summary>AUDIT_ARCH_… of linux/audit.h.</summary>
    public required uint Architecture { get; init; }

    public required nint Seccomp { get; init; }

    public required uint Clone { get; init; }

    public uint Clone3 { get; } = 435;

    /// <summary>tgkill</summary>
    public required uint SignalThread { get; init; }

    /// <summary>prlimit64</summary>
    public required uint ProcessLimit { get; init; }

    public required IReadOnlyList<uint> Refused { get; init; }

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
        Clone = 56,
        SignalThread = 234,
        ProcessLimit = 302,
        Refused =
        [
            2, 85, 257, 304, 437, 319,  // open, creat, openat, open_by_handle_at, openat2, memfd_create
            87, 263, 82, 264, 316,      // unlink, unlinkat, rename, renameat, renameat2
            83, 258, 84, 133, 259,      // mkdir, mkdirat, rmdir, mknod, mknodat
            86, 265, 88, 266, 76,       // link, linkat, symlink, symlinkat, truncate
            90, 268, 92, 94, 260,       // chmod, fchmodat, chown, lchown, fchownat
            57, 58, 59, 322,            // fork, vfork, execve, execveat
            41, 53,                     // socket, socketpair
            62, 200, 129, 297,          // kill, tkill, rt_sigqueueinfo, rt_tgsigqueueinfo
            101, 310, 311,              // ptrace, process_vm_readv, process_vm_writev
            272, 308,                   // unshare, setns
            298, 321, 323,              // perf_event_open, bpf, userfaultfd
            .. SameEverywhere,
        ],
    };

    private static SystemCallNumbers Arm64 => new()
    {
        Architecture = 0xC00000B7,
        Seccomp = 277,
        Clone = 220,
        SignalThread = 131,
        ProcessLimit = 261,
        Refused =
        [
            56, 265, 437, 279,          // openat, open_by_handle_at, openat2, memfd_create
            35, 38, 276, 34, 33,        // unlinkat, renameat, renameat2, mkdirat, mknodat
            37, 36, 45, 53, 54,         // linkat, symlinkat, truncate, fchmodat, fchownat
            221, 281,                   // execve, execveat; there is no fork and no vfork
            198, 199,                   // socket, socketpair
            129, 130, 138, 240,         // kill, tkill, rt_sigqueueinfo, rt_tgsigqueueinfo
            117, 270, 271,              // ptrace, process_vm_readv, process_vm_writev
            97, 268,                    // unshare, setns
            241, 280, 282,              // perf_event_open, bpf, userfaultfd
            .. SameEverywhere,
        ],
    };

    private static uint[] SameEverywhere =>
    [
        424, 434, 438,                  // pidfd_send_signal, pidfd_open, pidfd_getfd
        425, 426, 427,                  // io_uring_setup, io_uring_enter, io_uring_register
    ];
}
