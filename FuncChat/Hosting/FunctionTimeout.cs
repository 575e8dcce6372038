using System.Globalization;
using System.Text.Json;
using FuncChat.Tools.Configuration;
using Microsoft.Extensions.Configuration;

namespace FuncChat.Hosting;

/// <summary>`functionTimeout` of host.json, after which the host kills a function and its worker.</summary>
internal static class FunctionTimeout
{
    // Of the host, in every plan that streams: only the Consumption plan has another one.
    private static readonly TimeSpan Default = TimeSpan.FromMinutes(30);

    private const string Setting = "AzureFunctionsJobHost:functionTimeout";
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads the timeout, which is the host's own if none is set; null if it is unlimited (`-1`).</summary>
    /// <param name="configuration">May have the app setting that overrides host.json.</param>
    public static TimeSpan? Read(string path, IConfiguration configuration) => Text(path, configuration) is { } text ? Parse(text) : Default;

    /// <summary>What is wrong with the timeout; null if nothing is.</summary>
    /// <inheritdoc cref="Read"/>
    public static string? FindError(string path, IConfiguration configuration) => Text(path, configuration) is not { } text || IsUnlimited(text) || Parse(text) is not null
        ? null
        : SettingMessage.Of(
            string.IsNullOrWhiteSpace(configuration[Setting]) ? "functionTimeout in host.json" : Setting, "must be a time, or -1 for no limit", "01:10:00");

    private static TimeSpan? Parse(string? text) =>
        TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var timeout) && timeout > TimeSpan.Zero ? timeout : null;

    // The host reads `-1` as a day, too.
    private static bool IsUnlimited(string text) => TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var timeout) && timeout == TimeSpan.FromDays(-1);

    private static string? Text(string path, IConfiguration configuration) =>
        configuration[Setting]?.Trim() is { Length: > 0 } setting ? setting : InFile(path);

    private static string? InFile(string path)
    {
        if (!File.Exists(path))
            return null;
        using var document = JsonDocument.Parse(File.ReadAllText(path), Lenient);
        return document.RootElement.TryGetProperty("functionTimeout", out var timeout) && timeout.ToString() is { Length: > 0 } text ? text : null;
    }
}
