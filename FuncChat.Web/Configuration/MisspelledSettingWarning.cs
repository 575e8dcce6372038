using FuncChat.Engine.Chat.Approvals;
using FuncChat.Tools.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FuncChat.Web.Configuration;

/// <summary>
/// Warns at start of a name in the environment or in a file of settings that is nearly that of a setting, such as OPENAI_KEY, or has too few underscores, such as
/// FUNCCHAT_TURNS_RETENTION. It is only a warning, because both also hold settings of other programs.
/// </summary>
internal sealed partial class MisspelledSettingWarning(
    IConfiguration configuration, IEnumerable<KnownSettings> registered, ILogger<MisspelledSettingWarning> logger) : IHostedService
{
    // More than this is another name.
    private const int MaxDistance = 3;
    private const int SharedStart = 4;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var names = registered.SelectMany(settings => settings.Names).ToLookup(name => name.Contains("__", StringComparison.Ordinal));
        var known = names[false].ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var given in configuration.GetChildren().Where(child => !string.IsNullOrWhiteSpace(child.Value)).Select(child => child.Key))
        {
            if (!known.Contains(given) && NearestTo(given, known) is { } meant && string.IsNullOrWhiteSpace(configuration[meant]))
                LogMisspelled(given, meant);
        }

        foreach (var given in configuration.GetChildren().Where(child => child.Key.StartsWith("FuncChat_", StringComparison.OrdinalIgnoreCase)).SelectMany(NamesIn))
        {
            if (names[true].FirstOrDefault(name => ToolNamePattern.Matches(PatternOf(name), LettersOf(given))) is { } meant && !known.Contains(given))
                LogMisspelled(given, meant);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static string? NearestTo(string given, HashSet<string> known)
    {
        var text = LettersOf(given);
        return known
            .Where(name => LettersOf(name) is var letters && letters.Length > SharedStart && text.StartsWith(letters[..SharedStart], StringComparison.Ordinal))
            .Select(name => (Name: name, Distance: EditDistance.Between(LettersOf(name), text)))
            .Where(candidate => candidate.Distance <= MaxDistance)
            .OrderBy(candidate => candidate.Distance)
            .Select(candidate => candidate.Name)
            .FirstOrDefault();
    }

    private static IEnumerable<string> NamesIn(IConfigurationSection section)
    {
        if (!string.IsNullOrWhiteSpace(section.Value))
            yield return SettingMessage.NameOf(section.Path);
        foreach (var name in section.GetChildren().SelectMany(NamesIn))
            yield return name;
    }

    // A segment such as <name> is any text.
    private static string PatternOf(string name) => string.Concat(name.Split("__").Select(segment => segment.StartsWith('<') ? "*" : LettersOf(segment)));

    private static string LettersOf(string name) => name.Replace("_", "", StringComparison.Ordinal).ToUpperInvariant();

    [LoggerMessage(405, LogLevel.Warning, "{Given} is not read. Did you mean {Meant}?")]
    private partial void LogMisspelled(string given, string meant);
}
