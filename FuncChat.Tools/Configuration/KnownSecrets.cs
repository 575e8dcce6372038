using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace FuncChat.Tools.Configuration;

/// <summary>
/// The keys, tokens and passwords in the settings, to be removed from what tools return: a server that a tool calls may repeat the key that it was sent.
/// </summary>
/// <param name="configuration">May change: a vault renews its secrets.</param>
public sealed partial class KnownSecrets(IConfiguration configuration)
{
    private const string Removed = "[key]";

    // Shorter values are words, which occur in other text too.
    private const int MinLength = 12;

    private Known? _known;

    /// <summary>Returns the text without secrets, also in the forms that URLs and Basic authentication give them.</summary>
    public string Redact(string text)
    {
        foreach (var form in Forms())
            text = text.Replace(form, Removed, StringComparison.OrdinalIgnoreCase);
        return text;
    }

    private string[] Forms()
    {
        if (_known is { Changes.HasChanged: false } known)
            return known.Forms;
        var changes = configuration.GetReloadToken();
        return (_known = new Known(changes, ReadForms())).Forms;
    }

    private string[] ReadForms() =>
        [.. configuration.AsEnumerable().Where(setting => setting.Value is not null && IsSecret(setting.Key)).SelectMany(setting => PartsOf(setting.Key, setting.Value!))
            .Where(secret => secret.Length >= MinLength && !secret.Contains("://", StringComparison.Ordinal))
            .SelectMany(FormsOf).Distinct(StringComparer.OrdinalIgnoreCase).OrderByDescending(form => form.Length)];

    private static bool IsSecret(string key) => SecretName().IsMatch(Plain(key));

    private static string Plain(string key) => key.Replace("_", "", StringComparison.Ordinal);

    // A connection string has a key among its fields, and a header has one after its scheme.
    private static IEnumerable<string> PartsOf(string key, string value) => Plain(key).EndsWith("ConnectionString", StringComparison.OrdinalIgnoreCase)
        ? value.Split(';', StringSplitOptions.TrimEntries).Select(field => field[(field.IndexOf('=', StringComparison.Ordinal) + 1)..])
        : [value.Trim(), value.Trim().Split(' ')[^1]];

    private static IEnumerable<string> FormsOf(string secret) =>
        [secret, Uri.EscapeDataString(secret), Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)).TrimEnd('=')];

    [GeneratedRegex(@"(Key|Secret|Token|Password|ConnectionString|Authorization)\z|:(Headers|Env):[^:]+\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex SecretName();

    // Set at once: another thread must not see that the settings have been read before it sees the secrets in them.
    private sealed record Known(IChangeToken Changes, string[] Forms);
}
