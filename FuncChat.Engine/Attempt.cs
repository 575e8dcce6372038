using System.Diagnostics.CodeAnalysis;

namespace FuncChat.Engine;

/// <summary>What was asked for, or the caller's fault that stands against it.</summary>
public readonly record struct Attempt<T>
    where T : class
{
    private Attempt(T? value, ChatError? error)
    {
        Value = value;
        Error = error;
    }

    public T? Value { get; }

    public ChatError? Error { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Succeeded => Error is null;

    public static implicit operator Attempt<T>(T value) => new(value, null);

    public static implicit operator Attempt<T>(ChatError error) => new(null, error);
}
