namespace FuncChat.Engine.Models;

/// <summary>Bounds the state of an answer, which is kept until the answer ends, and again in the log.</summary>
internal sealed class StateBudget(int max)
{
    private long _length;

    /// <summary>Counts the bytes of a part of it.</summary>
    /// <exception cref="InvalidDataException">The state is too long.</exception>
    public void Add(long length)
    {
        _length += length;
        if (_length > max)
            throw new InvalidDataException($"The state of an answer is longer than {max} bytes.");
    }
}
