using System.Globalization;
using System.Runtime.InteropServices;
using FuncChat.Sandbox.Confinement;

namespace FuncChat.Tests.Tools.JavaScript;

/// <summary>
/// Runs in a process of its own: confines itself as the child of execute_javascript does, then makes each system call that it must not make, and prints the
/// error number of each (0 where the call was made). The numbers are those of x64.
/// </summary>
internal static partial class ForbiddenCalls
{
    /// <summary>The argument that makes the test assembly do this instead of nothing.</summary>
    public const string Argument = "make-forbidden-calls";

    public const int NotPermitted = 1;

    public const int NotImplemented = 38;

    private const int AnotherProcess = 1;

    /// <summary>Name, number and arguments. A call that got past the filter would fail differently, or succeed.</summary>
    public static IReadOnlyList<(string Name, nint Number, nint[] Arguments)> All { get; } =
    [
        ("open", 2, []), ("openat", 257, [-100]), ("openat2", 437, [-100]), ("creat", 85, []), ("open_by_handle_at", 304, []), ("memfd_create", 319, []), ("memfd_secret", 447, []),
        ("unlink", 87, []), ("rename", 82, []), ("mkdir", 83, []), ("rmdir", 84, []), ("link", 86, []), ("symlink", 88, []), ("mknod", 133, []), ("truncate", 76, []), ("ftruncate", 77, [1]),
        ("chmod", 90, []), ("fchmod", 91, [1]), ("fchmodat", 268, [-100]), ("fchmodat2", 452, [-100]), ("chown", 92, []), ("utimensat", 280, [-100]), ("setxattr", 188, []), ("removexattr", 197, []),
        ("readlink", 89, []), ("getdents64", 217, [0]), ("statfs", 137, []), ("chdir", 80, []), ("chroot", 161, []), ("pivot_root", 155, []), ("mount", 165, []), ("umount2", 166, []),
        ("fsopen", 430, []), ("open_tree", 428, [-100]), ("move_mount", 429, []), ("fanotify_init", 300, []), ("inotify_init1", 294, []), ("name_to_handle_at", 303, []),
        ("socket", 41, [2, 1]), ("socketpair", 53, [1, 1]), ("connect", 42, [0]), ("bind", 49, [0]), ("sendto", 44, [1]), ("recvfrom", 45, [0]), ("sendmsg", 46, [1]),
        ("fork", 57, []), ("vfork", 58, []), ("clone (a process)", 56, [17]), ("execve", 59, []), ("execveat", 322, [-100]), ("unshare", 272, [0x10000000]), ("setns", 308, [0]),
        ("kill", 62, [AnotherProcess, 0]), ("tkill", 200, [AnotherProcess, 0]), ("tgkill (another process)", 234, [AnotherProcess, AnotherProcess, 0]), ("rt_sigqueueinfo", 129, [AnotherProcess, 0]),
        ("pidfd_open", 434, [AnotherProcess]), ("pidfd_send_signal", 424, [0]), ("pidfd_getfd", 438, [0]), ("fcntl F_SETOWN", 72, [0, 8, AnotherProcess]), ("fcntl F_SETSIG", 72, [0, 10, 9]),
        ("fcntl F_SETFL O_ASYNC", 72, [0, 4, 0x2000]), ("ioctl FIOASYNC", 16, [0, 0x5452]), ("dup", 32, [0]), ("ptrace", 101, [16, AnotherProcess]), ("process_vm_readv", 310, [AnotherProcess]),
        ("process_vm_writev", 311, [AnotherProcess]), ("process_madvise", 440, [0]), ("kcmp", 312, [AnotherProcess, AnotherProcess]), ("prlimit64 (another process)", 302, [AnotherProcess, 7]),
        ("setpriority", 141, [0, AnotherProcess, 19]), ("sched_setaffinity (another process)", 203, [AnotherProcess]), ("sched_setscheduler", 144, [AnotherProcess]), ("sched_setattr", 314, [AnotherProcess]),
        ("sched_setparam", 142, [AnotherProcess]), ("ioprio_set", 251, [1, AnotherProcess]), ("migrate_pages", 256, [AnotherProcess]), ("move_pages", 279, [AnotherProcess]),
        ("setuid", 105, [0]), ("setgid", 106, [0]), ("setgroups", 116, [0]), ("setresuid", 117, [0]), ("capset", 126, []), ("prctl PR_SET_DUMPABLE", 157, [4, 1]), ("seccomp", 317, []),
        ("init_module", 175, []), ("finit_module", 313, [0]), ("delete_module", 176, []), ("kexec_load", 246, []), ("reboot", 169, []), ("sethostname", 170, []), ("acct", 163, []), ("syslog", 103, [3]),
        ("swapon", 167, []), ("settimeofday", 164, []), ("clock_settime", 227, [0]), ("adjtimex", 159, []), ("iopl", 172, [3]), ("ioperm", 173, []), ("quotactl", 179, []), ("bpf", 321, []),
        ("perf_event_open", 298, []), ("userfaultfd", 323, []), ("io_uring_setup", 425, [1]), ("io_setup", 206, [1]), ("shmget", 29, [0, 4096, 0x380]), ("msgget", 68, [0, 0x380]), ("semget", 64, [0, 1, 0x380]),
        ("mq_open", 240, []), ("add_key", 248, []), ("request_key", 249, []), ("keyctl", 250, [0]), ("personality", 135, [0]), ("lookup_dcookie", 212, []), ("vhangup", 153, []), ("sync", 162, []),
        ("eventfd2", 290, []), ("signalfd4", 289, [-1]), ("timerfd_create", 283, []), ("epoll_create1", 291, []), ("splice", 275, [0]), ("tee", 276, [0]), ("vmsplice", 278, [1]), ("sendfile", 40, [1, 0]), ("mlockall", 151, [1]),
        ("landlock_create_ruleset", 444, []), ("futex_waitv", 449, []), ("remap_file_pages", 216, []), ("modify_ldt", 154, []), ("set_thread_area", 205, []),
    ];

    public static void MakeAll()
    {
        // The console opens files of its own with the first write.
        Console.Write("");
        Console.Out.Flush();
        SystemCallFilter.Apply();
        foreach (var (name, number, arguments) in All)
        {
            nint Argument(int index) => index < arguments.Length ? arguments[index] : 0;
            var result = SystemCall(number, Argument(0), Argument(1), Argument(2), 0, 0, 0);
            var error = result == -1 ? Marshal.GetLastPInvokeError() : 0;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}\t{error}"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"clone3\t{(SystemCall(435, 0, 0, 0, 0, 0, 0) == -1 ? Marshal.GetLastPInvokeError() : 0)}"));
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint argument1, nint argument2, nint argument3, nint argument4, nint argument5, nint argument6);
}
