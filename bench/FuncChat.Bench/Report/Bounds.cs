using System.Globalization;
using System.Text;
using FuncChat.Bench.Scenarios;
using FuncChat.Bench.Servers;
using static FuncChat.Bench.Servers.TargetNames;

namespace FuncChat.Bench.Report;

/// <summary>What FuncChat's figures must not exceed, and whether they do, in Markdown.</summary>
internal sealed class Bounds(Results results)
{
    /// <summary>The targets that were set before the code was written.</summary>
    public string Targets() => Of(
    [
        AtMost("CPU per event, 200 paced streams", "1.5 × nginx", "0.0 ×", 1.5, Ratio("paced", Figures.CpuPerMillion, TargetNames.FuncChat, Nginx),
            "For each event, the kernel receives twice (.NET first tries a socket that is empty), writes to the log, and sends. nginx keeps no log and parses nothing"),
        AtMost("CPU per event, 50 streams at full speed", "2 × a Kestrel byte copy", "0.0 ×", 2, Ratio("full-50", Figures.CpuPerMillion, TargetNames.FuncChat, ByteCopy), "Events that arrive together are one event, one write and one send"),
        AtLeast("The same for Microsoft.Extensions.AI", "10 ×", "0.0 ×", 10, Ratio("full-50", Figures.CpuPerMillion, MicrosoftAi, TargetNames.FuncChat), "It creates an object graph for each event"),
        AtLeast("The same for the AI SDK", "100 ×", "0 ×", 100, Ratio("full-50", Figures.CpuPerMillion, AiSdk, TargetNames.FuncChat), "The AI SDK itself needed less here than where the target was set"),
        AtMost("Time added to the first text, p50", "0.2 ms", "0.00 ms", 0.2, Difference("first-text", Figures.FirstText50, TargetNames.FuncChat, Direct),
            "Before the model is called, the request is authenticated, counted against limits and budgets, and the turn is on disk: two files are created"),
        AtMost("A turn with a tool, p50", "0.52 ms: 1.3 × a prototype", "0.00 ms", 0.52, Value("tool-1", Figures.Turn50), "The prototype's tool returned at once. This one calls a server over HTTP"),
        AtMost("The same, 50 at a time", "12 ms: 1.3 × the prototype", "0 ms", 12, Value("tool-50", Figures.Turn50), "As above"),
        AtMost("2,000 slow streams", "45 KB each", "0 KB", 45, Value("slow-2000", Figures.KilobytesPerStream), "Kestrel and `HttpClient` need what the byte copy needs; the rest is the turn's window, the parser's buffer, and two open files"),
        AtLeast("Slow streams without an error", "10,000", "#,0", 10_000, Value("slow-10000", Figures.Streams), "Each stream has four open files: two sockets, the log, and the lease. `ulimit -n` sets how many are allowed"),
        AtLeast("Following a finished turn of 5,000 events", "1,000,000 events/s", "#,0 thousand/s", 1000, Value("resume", Figures.ThousandsPerSecond), "Stored frames are sent as they are"),
        AtMost("Start to the first byte of `/api/health`", "350 ms", "0 ms", 350, Value("start", Figures.Start), "ReadyToRun: the code is compiled ahead"),
    ]);

    /// <summary>How cost may grow.</summary>
    public string Growth() => Of(
    [
        AtMost("CPU per event of a turn of 50,000 events", "1.3 × that of 5,000", "0.00 ×", 1.3, Ratio("turn-50000", Figures.CpuPerMillion, LongTurn, ShortTurn), "No event looks at earlier ones"),
        AtMost("Memory of that turn", "24 MB", "0.0 MB", 24, Value("turn-50000", Figures.Megabytes, LongTurn), "A window of the log, and the answer's text for the message that is stored at its end"),
        AtMost("Following its end", "10 ms", "0.0 ms", 10, Value("turn-50000", Figures.FollowEnd, LongTurn), "The log is searched by id, not read; the last event contains the whole message"),
        AtMost("CPU of a request with 1,000 messages, 4 MB", "10 × a byte copy", "0.0 ×", 10, Ratio("conversation", Figures.CpuPerTurn, TargetNames.FuncChat, ByteCopy), "The conversation is read, checked, stored once, and written to the provider: each step passes over it once"),
        AtMost("Start with 10,000 finished turns in the store", "50 ms more", "0 ms", 50, Between("store-10000", Figures.Start), "Finished turns are not read at the start"),
        AtMost("Memory of that server", "5 MB more", "0.0 MB", 5, Between("store-10000", Figures.Megabytes), "Finished turns are not kept in memory"),
        AtMost("CPU of that server, idle", "600 ms per minute", "0 ms", 600, Value("store-10000", Figures.IdleCpu, "FuncChat, 10,000 turns in the store"), "Timers: the runtime's, Kestrel's, and a check for signals each two seconds"),
        AtMost("CPU per event received, 100 followers of one turn", "1 × that of streams of their own", "0.00 ×", 1, Across(Figures.CpuPerMillion, "followers-100", "paced"), "An event is parsed, numbered and stored once, and sent to each follower"),
        AtMost("Memory of a follower that has left", "4 KB", "0.0 KB", 4, Value("left-2000", Figures.KilobytesPerStream), "Nothing refers to it any more: the heap grows until the next collection"),
        AtMost("Open files of 2,000 followers that have left", "0", "0", 0, Value("left-2000", Figures.OpenFiles), "Its socket is closed"),
        AtMost("Memory of a turn that waits for a person", "8 KB", "0.0 KB", 8, Value("parked-1000", Figures.KilobytesPerStream), "None of it is the turn's: a turn that waits is only in the store"),
        AtMost("CPU of 1,000 turns that wait", "600 ms per minute", "0 ms", 600, Value("parked-1000", Figures.IdleCpu), "As without them"),
        AtMost("CPU of each of 200 turns started at once", "1.5 × that of turns one at a time", "0.00 ×", 1.5, Across(Figures.CpuPerTurn, "starts-200", "first-text"), "Each also opens a connection here"),
    ]);

    private static string Of(IEnumerable<Bound> bounds)
    {
        var text = new StringBuilder("| figure | bound | measured | | what bounds it |\n|---|---|---:|---|---|\n");
        foreach (var bound in bounds)
        {
            var (measured, verdict) = bound.Measured is { } value
                ? (value.ToString(bound.Format, CultureInfo.InvariantCulture), bound.Holds(value) ? "met" : "**missed**")
                : ("–", "not measured");
            text.Append(CultureInfo.InvariantCulture, $"| {bound.Figure} | {bound.Limit} | {measured} | {verdict} | {bound.Reason} |\n");
        }

        return text.ToString();
    }

    private static Bound AtMost(string figure, string limit, string format, double most, double? measured, string reason) =>
        new(figure, "at most " + limit, format, measured, value => value <= most, reason);

    private static Bound AtLeast(string figure, string limit, string format, double least, double? measured, string reason) =>
        new(figure, "at least " + limit, format, measured, value => value >= least, reason);

    private double? Value(string scenario, string figure, string target = TargetNames.FuncChat) =>
        results.Of(scenario)?.Targets.FirstOrDefault(each => each.Name == target)?.Median is { } median && median.TryGetValue(figure, out var value) ? value : null;

    private double? Ratio(string scenario, string figure, string target, string other) =>
        Value(scenario, figure, other) is > 0 and var unit ? Value(scenario, figure, target) / unit : null;

    private double? Difference(string scenario, string figure, string target, string other) => Value(scenario, figure, target) - Value(scenario, figure, other);

    private double? Between(string scenario, string figure) => Difference(scenario, figure, FullStore, EmptyStore);

    private double? Across(string figure, string scenario, string other) => Value(other, figure) is > 0 and var unit ? Value(scenario, figure) / unit : null;

    private sealed record Bound(string Figure, string Limit, string Format, double? Measured, Func<double, bool> Holds, string Reason);
}
