using System.Globalization;
using System.Text.Json;

namespace FuncChat.Tests.Support;

/// <summary>An event of a stream, taken apart, with the text that it was.</summary>
internal sealed record SseEvent(long Id, string Name, JsonElement Data, string Raw)
{
    /// <summary>The events of a stream; comments and `retry:` are left out, and so is what is not whole.</summary>
    public static IReadOnlyList<SseEvent> Parse(string stream) =>
        [.. Frames(stream).Where(frame => frame.StartsWith("id: ", StringComparison.Ordinal)).Select(ParseFrame)];

    /// <summary>The events' own text, as it was.</summary>
    public static string Join(IEnumerable<SseEvent> events) => string.Concat(events.Select(each => each.Raw));

    /// <summary>What a client shows of the last answer: a reset voids what came since the message before.</summary>
    public static string LastAnswer(IEnumerable<SseEvent> events)
    {
        var (done, text) = ("", "");
        foreach (var each in events)
        {
            if (each.Name is "message_reset")
                text = "";
            else if (each.Name is "delta")
                text += each.Text("content");
            else if (each.Name is "message_complete")
                (done, text) = (text, "");
        }

        return done;
    }

    public string? Text(string property) => Data.TryGetProperty(property, out var value) ? value.ToString() : null;

    private static IEnumerable<string> Frames(string stream)
    {
        var start = 0;
        while (stream.IndexOf("\n\n", start, StringComparison.Ordinal) is var end and >= 0)
        {
            yield return stream[start..(end + 2)];
            start = end + 2;
        }
    }

    private static SseEvent ParseFrame(string frame)
    {
        var lines = frame.Split('\n');
        return new SseEvent(
            long.Parse(lines[0]["id: ".Length..], CultureInfo.InvariantCulture), lines[1]["event: ".Length..],
            JsonSerializer.Deserialize<JsonElement>(lines[2]["data: ".Length..]), frame);
    }
}
