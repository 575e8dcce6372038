using System.ComponentModel;
using System.Runtime.InteropServices;
using static FuncChat.Sandbox.Confinement.NativeMethods;

namespace FuncChat.Sandbox.Confinement;

/// <summary>
/// A seccomp filter that leaves this process, for good, the calls that the runtime and the engine need to compute: memory, threads, clocks, and the pipes that
/// are open. It can't open or change a file, open a socket, start a program or a process, or signal, trace, limit or reschedule another process. A refused call
/// fails with EPERM. Linux on x64 and arm64.
/// </summary>
internal static class SystemCallFilter
{
    // linux/prctl.h, linux/seccomp.h, linux/bpf_common.h
    private const int SetNoNewPrivileges = 38;
    private const nuint SetModeFilter = 1;
    private const nuint AllThreads = 1;
    private const uint Allow = 0x7fff0000;
    private const uint Kill = 0x80000000;
    private const uint Fail = 0x00050000;
    private const uint NotPermitted = 1;
    private const uint NotImplemented = 38;
    private const ushort Load = 0x20;
    private const ushort IfEqual = 0x15;
    private const ushort IfAtLeast = 0x35;
    private const ushort IfBitsSet = 0x45;
    private const ushort Return = 0x06;

    // struct seccomp_data: the lower half of an argument comes first on both of our architectures.
    private const uint CallNumber = 0;
    private const uint Architecture = 4;
    private const uint Argument0 = 16;

    private const uint CloneThread = 0x10000;

    public static unsafe void Apply()
    {
        if (!OperatingSystem.IsLinux() || SystemCallNumbers.OfThisProcess is not { } numbers)
            return;

        if (ProcessControl(SetNoNewPrivileges, 1, 0, 0, 0) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        DropCapabilities(numbers);

        var instructions = Build(numbers, (uint)Environment.ProcessId);
        fixed (FilterInstruction* first = instructions)
        {
            var program = new FilterProgram { Length = (ushort)instructions.Length, Instructions = first };
            if (SystemCall(numbers.Seccomp, SetModeFilter, AllThreads, &program) != 0)
                throw new Win32Exception(Marshal.GetLastPInvokeError());
        }
    }

    /// <summary>Of the thread that runs the script, and of the threads that it starts: the kernel keeps them per thread.</summary>
    private static unsafe void DropCapabilities(SystemCallNumbers numbers)
    {
        // linux/capability.h: version 3 of the header, and two empty sets of three.
        var header = stackalloc uint[] { 0x20080522, 0 };
        var none = stackalloc uint[6];
        new Span<uint>(none, 6).Clear();
        if (SystemCall(numbers.SetCapabilities, (nuint)header, (nuint)none, null) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    private static FilterInstruction[] Build(SystemCallNumbers numbers, uint processId)
    {
        List<FilterInstruction> filter =
        [
            // Another architecture's numbering (32-bit calls on x64) would slip past the checks below.
            Step(Load, Architecture), Step(IfEqual, numbers.Architecture, ifTrue: 1), Step(Return, Kill),
            Step(Load, CallNumber),
            // So would the x32 numbering.
            Step(IfAtLeast, 0x40000000, ifFalse: 1), Step(Return, Fail | NotPermitted),
            // Its flags are behind a pointer, so it can't be judged; libc falls back to clone.
            Step(IfEqual, numbers.Clone3, ifFalse: 1), Step(Return, Fail | NotImplemented),
            // Threads yes, processes no.
            Step(IfEqual, numbers.Clone, ifFalse: 4),
            Step(Load, Argument0), Step(IfBitsSet, CloneThread, ifFalse: 1), Step(Return, Allow), Step(Return, Fail | NotPermitted),
            // The runtime signals its own threads and, at its end, itself.
            Step(IfEqual, numbers.SignalThread, ifFalse: 4),
            Step(Load, Argument0), Step(IfEqual, processId, ifFalse: 1), Step(Return, Allow), Step(Return, Fail | NotPermitted),
        ];
        foreach (var number in numbers.OwnOnly)
        {
            filter.AddRange([
                Step(IfEqual, number, ifFalse: 4),
                Step(Load, Argument0), Step(IfEqual, 0, ifFalse: 1), Step(Return, Allow), Step(Return, Fail | NotPermitted)]);
        }

        foreach (var number in numbers.Allowed)
            filter.AddRange([Step(IfEqual, number, ifFalse: 1), Step(Return, Allow)]);

        return [.. filter, Step(Return, Fail | NotPermitted)];
    }

    private static FilterInstruction Step(ushort code, uint value, byte ifTrue = 0, byte ifFalse = 0) =>
        new() { Code = code, IfTrue = ifTrue, IfFalse = ifFalse, Value = value };
}
