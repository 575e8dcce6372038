using Jint;

namespace FuncChat.Sandbox.Scripts;

/// <summary>
/// The interpreter as hostile code gets it: no .NET object within reach, no modules, every limit that Jint has. These limits give the
/// kinder errors; what a script gets past them ends at the process's own (<see cref="Confinement"/>), so there is none here that would also
/// refuse honest work: no count of statements, since time is limited; no LimitMemory, since it counts what was ever allocated and not what is held.
/// </summary>
internal static class ScriptEngine
{
    public const int MaxArrayLength = 16 * 1024 * 1024;

    public static Engine Create(TimeSpan timeout, CancellationToken cancellationToken) => new(options =>
    {
        options.CancellationToken(cancellationToken);
        // By itself, since a match that runs away checks nothing else.
        options.RegexTimeoutInterval(timeout);
        options.MaxArraySize(MaxArrayLength);
        options.MaxJsonParseDepth(512);
        // Without it a recursion through a getter, a Proxy or toString ends the process.
        options.Constraints.StackOverflowGuard = true;
        options.Constraints.PromiseTimeout = timeout;
        options.LocalTimeZone(TimeZoneInfo.Utc);
        options.Culture(System.Globalization.CultureInfo.InvariantCulture);
    });
}
