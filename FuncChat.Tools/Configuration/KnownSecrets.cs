using System.Net;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
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

    /// <summary>Returns the text without secrets, also in the forms of <see cref="FormsOf"/>.</summary>
    public string Redact(string text) => Remove(Forms(), text);

    /// <summary>Returns the text without a secret that is not in the settings, such as a token, as <see cref="Redact(string)"/> does.</summary>
    public static string Redact(string secret, string text) =>
        secret.Length >= MinLength ? Remove(FormsOf(secret).OrderByDescending(form => form.Length), text)
        : secret.Length > 0 ? text.Replace(secret, Removed, StringComparison.Ordinal)
        : text;

    private static string Remove(IEnumerable<string> forms, string text)
    {
        foreach (var form in forms)
        {
            text = text.Replace(form, Removed, StringComparison.OrdinalIgnoreCase);

            // A text that was cut may end within one.
            var end = Math.Max(0, text.Length - form.Length - 1);
            var start = form.Length <= MinLength ? -1 : text.AsSpan(end).LastIndexOf(form.AsSpan(0, MinLength), StringComparison.OrdinalIgnoreCase);
            start = start < 0 ? start : start + end;
            if (start >= 0 && form.StartsWith(text[start..].TrimEnd('…'), StringComparison.OrdinalIgnoreCase))
                text = text[..start] + Removed;
        }

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

    /// <summary>A secret as URLs, JSON, HTML, hexadecimal digits and Base64 have it. Basic authentication has it after a name, which shifts its Base64.</summary>
    public static IEnumerable<string> FormsOf(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        string[] base64 = [Convert.ToBase64String(bytes).TrimEnd('='), .. Enumerable.Range(0, 3).Select(shift => ShiftedBase64(bytes, shift))];
        return
        [
            secret, Uri.EscapeDataString(secret), WebUtility.HtmlEncode(secret), Convert.ToHexString(bytes),
            JsonEncodedText.Encode(secret).Value, JsonEncodedText.Encode(secret, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).Value,

            // As Python's quote() and PHP's json_encode() have it.
            Uri.EscapeDataString(secret).Replace("%2F", "/", StringComparison.Ordinal), secret.Replace("/", @"\/", StringComparison.Ordinal),
            .. base64, .. base64.Select(text => text.Replace('+', '-').Replace('/', '_')),
        ];
    }

    // Without the letters that also depend on the bytes before and after.
    private static string ShiftedBase64(byte[] secret, int shift)
    {
        var text = Convert.ToBase64String([.. new byte[shift], .. secret]).TrimEnd('=');
        return text[(shift == 0 ? 0 : shift + 1)..^((secret.Length + shift) % 3 == 0 ? 0 : 1)];
    }

    [GeneratedRegex(@"(Key|Secret|Token|Password|ConnectionString|Authorization)\z|:(Headers|Env):[^:]+\z", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex SecretName();

    // Set at once: another thread must not see that the settings have been read before it sees the secrets in them.
    private sealed record Known(IChangeToken Changes, string[] Forms);
}
