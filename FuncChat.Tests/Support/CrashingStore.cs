using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.ExceptionServices;

namespace FuncChat.Tests.Support;

/// <summary>When the stores of a server stop working, as if its process was killed between two writes.</summary>
internal sealed class CrashPoint
{
    private readonly Lock _lock = new();
    private int _left = int.MaxValue;

    /// <summary>Whether nothing reaches the stores any more.</summary>
    public bool IsReached { get; private set; }

    /// <summary>Lets some writes succeed. The next one, and every call after it, fails.</summary>
    public void Set(int writes)
    {
        lock (_lock)
            (_left, IsReached) = (writes, false);
    }

    /// <summary>The stores work again.</summary>
    public void Clear() => Set(int.MaxValue);

    public bool Passes(bool isWrite)
    {
        lock (_lock)
        {
            IsReached |= isWrite && _left == 0;
            if (!IsReached && isWrite)
                _left--;
            return !IsReached;
        }
    }
}

/// <summary>A store up to a <see cref="CrashPoint"/>, made by <see cref="Around{T}"/>.</summary>
[SuppressMessage("Performance", "CA1852", Justification = "The proxy derives from it.")]
internal class CrashingStore : DispatchProxy
{
    private static readonly string[] Writes = ["Write", "Remove", "Create", "Begin", "Send"];
    private static readonly MethodInfo FailOf = typeof(CrashingStore).GetMethod(nameof(FailOfAsync), BindingFlags.Static | BindingFlags.NonPublic)!;

    private object _inner = null!;
    private CrashPoint _crash = null!;

    public static T Around<T>(T inner, CrashPoint crash)
        where T : class
    {
        var store = Create<T, CrashingStore>();
        (((CrashingStore)(object)store)._inner, ((CrashingStore)(object)store)._crash) = (inner, crash);
        return store;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var type = targetMethod!.ReturnType;
        if (typeof(Task).IsAssignableFrom(type) && !_crash.Passes(Array.Exists(Writes, name => targetMethod.Name.StartsWith(name, StringComparison.Ordinal))))
            return type == typeof(Task) ? FailOfAsync<object>() : FailOf.MakeGenericMethod(type.GenericTypeArguments).Invoke(null, null);
        try
        {
            return targetMethod.Invoke(_inner, args);
        }
        catch (TargetInvocationException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerException!);
            throw;
        }
    }

    private static async Task<T> FailOfAsync<T>()
    {
        await Task.Yield();
        throw new IOException("The process was killed.");
    }
}
