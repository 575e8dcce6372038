using System.Text;

namespace FuncChat.Tests.Fuzz;

/// <summary>Makes inputs that are nearly good: good ones with a few changes. The same seed makes the same inputs.</summary>
internal sealed class Mutator(int seed, IReadOnlyList<byte[]> good, IReadOnlyList<string> tokens)
{
    private const int MostChanges = 5;
    private const int Longest = 16 * 1024;

    private readonly Random _random = new(seed);
    private readonly byte[][] _tokens = [.. tokens.Select(Encoding.UTF8.GetBytes)];

    public byte[] Next()
    {
        // One in twenty is noise from end to end.
        if (_random.Next(20) == 0)
            return Noise(_random.Next(200));
        var input = good[_random.Next(good.Count)];
        for (var change = _random.Next(1, MostChanges + 1); change > 0; change--)
            input = Change(input);
        return input.Length <= Longest ? input : input[..Longest];
    }

    private byte[] Change(byte[] input)
    {
        var from = _random.Next(input.Length + 1);
        var to = Math.Min(input.Length, from + _random.Next(1, 1 + Math.Max(1, input.Length / 4)));
        return _random.Next(7) switch
        {
            0 => Replace(input, from, Math.Min(input.Length, from + 1), [(byte)_random.Next(256)]),
            1 => Replace(input, from, from, _tokens[_random.Next(_tokens.Length)]),
            2 => Replace(input, from, to, _tokens[_random.Next(_tokens.Length)]),
            3 => Replace(input, from, to, []),
            4 => Replace(input, from, from, input[from..to]),
            5 => Replace(input, from, input.Length, Tail(good[_random.Next(good.Count)])),
            _ => Replace(input, from, from, Noise(_random.Next(1, 5))),
        };
    }

    private byte[] Tail(byte[] input) => input[_random.Next(input.Length + 1)..];

    private byte[] Noise(int length)
    {
        var noise = new byte[length];
        _random.NextBytes(noise);
        return noise;
    }

    private static byte[] Replace(byte[] input, int from, int to, byte[] by) => [.. input.AsSpan(0, from), .. by, .. input.AsSpan(to)];
}
