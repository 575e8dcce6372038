using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace FuncChat.Hosting;

/// <summary>`functionTimeout` of host.json, after which the host kills a function and its worker.</summary>
internal static class FunctionTimeout
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads the timeout; null if none is set or it is unlimited (`-1`).</summary>
    /// <param name="configuration">May have the app setting that overrides host.json.</param>
    public static TimeSpan? Read(string path, IConfiguration configuration) =>
        TimeSpan.TryParse(configuration["AzureFunctionsJobHost:functionTimeout"] ?? InFile(path), CultureInfo.InvariantCulture, out var timeout)
        && timeout > TimeSpan.Zero
            ? timeout
            : null;

    private static string? InFile(string path)
    {
        if (!File.Exists(path))
            return null;
        using var document = JsonDocument.Parse(File.ReadAllText(path), Lenient);
        return document.RootElement.TryGetProperty("functionTimeout", out var timeout) ? timeout.ToString() : null;
    }
}
