using System.Diagnostics.CodeAnalysis;

namespace FuncChat.Engine;

/// <summary>A value, or the caller's error that prevents it.</summary>
public readonly record struct Result<T>
    where T : class
{
    private Result(T? value, AppError? error)
    {
        Value = value;
        Error = error;
    }

    public T? Value { get; }

    public AppError? Error { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Succeeded => Error is null;

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(AppError error) => new(null, error);
}
