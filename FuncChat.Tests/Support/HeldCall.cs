using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.ExceptionServices;

namespace FuncChat.Tests.Support;

/// <summary>A store that holds the next call of a method before it reaches the real one, made by <see cref="Around{T}"/>.</summary>
[SuppressMessage("Performance", "CA1852", Justification = "The proxy derives from it.")]
internal class HeldCall : DispatchProxy
{
    private static readonly MethodInfo LaterOf = typeof(HeldCall).GetMethod(nameof(LaterOfAsync), BindingFlags.Instance | BindingFlags.NonPublic)!;

    private object _inner = null!;
    private Held? _held;

    public static T Around<T>(T inner)
        where T : class
    {
        var store = Create<T, HeldCall>();
        ((HeldCall)(object)store)._inner = inner;
        return store;
    }

    /// <summary>Holds the next call of a method of a store from <see cref="Around{T}"/>.</summary>
    /// <param name="failure">What the call fails with when it continues; null if it reaches the store.</param>
    public static Held Hold(object store, string method, Exception? failure = null) => ((HeldCall)store)._held = new Held(method) { Failure = failure };

    /// <summary>Makes the next call of a method fail.</summary>
    public static void Fail(object store, string method, Exception failure) => Hold(store, method, failure).Go.Set();

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (_held?.Method != targetMethod!.Name || Interlocked.Exchange(ref _held, null) is not { } held)
            return Call(targetMethod, args);
        return targetMethod.ReturnType == typeof(Task)
            ? LaterAsync(held, targetMethod, args)
            : LaterOf.MakeGenericMethod(targetMethod.ReturnType.GenericTypeArguments).Invoke(this, [held, targetMethod, args]);
    }

    private async Task LaterAsync(Held held, MethodInfo method, object?[]? args)
    {
        await held.WaitAsync();
        await (Task)Call(method, args)!;
    }

    private async Task<T> LaterOfAsync<T>(Held held, MethodInfo method, object?[]? args)
    {
        await held.WaitAsync();
        return await (Task<T>)Call(method, args)!;
    }

    private object? Call(MethodInfo method, object?[]? args)
    {
        try
        {
            return method.Invoke(_inner, args);
        }
        catch (TargetInvocationException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerException!);
            throw;
        }
    }

    internal sealed record Held(string Method)
    {
        public ManualSignal Asked { get; } = new();

        public ManualSignal Go { get; } = new();

        /// <summary>What the call fails with, instead of reaching the store.</summary>
        public Exception? Failure { get; init; }

        internal async Task WaitAsync()
        {
            Asked.Set();
            await Go.WaitAsync();
            if (Failure is not null)
                throw Failure;
        }
    }
}
