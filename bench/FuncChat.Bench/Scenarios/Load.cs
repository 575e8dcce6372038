using System.Globalization;

namespace FuncChat.Bench.Scenarios;

/// <summary>What the clients do in a run.</summary>
/// <param name="Streams">Connections at a time.</param>
/// <param name="Turns">Turns on each, one after another.</param>
/// <param name="Pieces">Pieces of text in a turn.</param>
/// <param name="Interval">Milliseconds between two pieces; 0 for full speed.</param>
internal sealed record Load(int Streams, int Turns, int Pieces, double Interval = 0)
{
    /// <summary>Whether the model first calls the search.</summary>
    public bool WithTool { get; init; }

    public string Model => WithTool ? $"tool-{Pieces}" : string.Create(CultureInfo.InvariantCulture, $"text-{Pieces}-{Interval}");

    /// <summary>The part of it that a slow server runs: fewer turns, and then shorter ones.</summary>
    public Load Scaled(double share)
    {
        var turns = Turns * share;
        return turns >= 1
            ? this with { Turns = (int)turns }
            : this with { Turns = 1, Pieces = Math.Max(1, (int)(Pieces * turns)) };
    }
}
