namespace FuncChat.Tools.Fetch;

/// <summary>The most bytes of a stream. One that has the responses of many calls gets them again with each response.</summary>
internal sealed class ByteBudget(long max = ByteBudget.Max)
{
    /// <summary>Of one call of an MCP server, or of notifications.</summary>
    public const long Max = 8L * LimitedStream.MaxBytes;

    private readonly long _max = max;
    private long _left = max;

    /// <exception cref="ResponseTooLargeException">The stream has more.</exception>
    public void Use(int bytes)
    {
        if (Interlocked.Add(ref _left, -bytes) < 0)
            throw new ResponseTooLargeException();
    }

    public void Renew() => Interlocked.Exchange(ref _left, _max);
}
