using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using FuncChat.Tools;

namespace FuncChat.Engine.Models;

/// <summary>Names and arguments of tool calls, which models make up, in a form that every provider takes back.</summary>
internal static partial class ToolCallText
{
    private const int LongestName = 64;
    private const string NoName = "unnamed_tool";

    // An empty one, and the same one twice.
    private const int MostObjects = 3;

    /// <summary>The arguments of a call without any.</summary>
    public const string NoArguments = "{}";

    /// <summary>The arguments of a complete call without any, if the answer was cut after it: a call that was cut itself has <see cref="NoArguments"/>.</summary>
    public const string CompleteNoArguments = "{ }";

    /// <summary>
    /// The name of the tool that is meant, or the name in letters that APIs accept. Models leak control tokens and prefixes into names, such as
    /// `search_web&lt;|channel|&gt;commentary` or `functions.search_web`.
    /// </summary>
    public static string CleanName(string name, Func<string, bool> isOffered)
    {
        if (isOffered(name))
            return name;
        foreach (var word in WordsOf(name))
        {
            if (isOffered(word))
                return word;
        }

        var clean = new StringBuilder();
        foreach (var letter in name.Trim())
        {
            if (clean.Length < LongestName)
                clean.Append(IsNameCharacter(letter) ? letter : '_');
        }

        return clean.Length > 0 ? clean.ToString() : NoName;
    }

    /// <summary>
    /// The JSON object that a call's arguments are: some models encode it twice, leave it out, or cut an emoji in it, and some servers send an empty
    /// object before it, send it twice, or keep marks around it. Null where it is no object.
    /// </summary>
    public static string? ToObject(string arguments)
    {
        // Half of an emoji itself, which no JSON reader takes.
        if (arguments.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
            arguments = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(arguments));
        for (var decoded = 0; decoded < 2; decoded++)
        {
            if (string.IsNullOrWhiteSpace(arguments))
                return NoArguments;
            try
            {
                arguments = UnescapedText.Escape(arguments);
                using var document = JsonDocument.Parse(arguments);
                switch (document.RootElement.ValueKind)
                {
                    case JsonValueKind.Object:
                        return WholeText(arguments);
                    case JsonValueKind.String:
                        arguments = document.RootElement.GetString()!;
                        break;
                    default:
                        return null;
                }
            }
            catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
            {
                return Unwrap(arguments) is { } found ? WholeText(found) : null;
            }
        }

        return null;
    }

    /// <summary>The arguments as they go back to a provider: always a JSON object.</summary>
    public static string ToObjectOrEmpty(string? arguments) => ToObject(arguments ?? "") ?? NoArguments;

    /// <summary>The arguments as they go to the client that runs the call: what is no JSON object stays as the model wrote it.</summary>
    public static string ToClient(string arguments) => IsCut(arguments) ? "" : ToObject(arguments) ?? arguments;

    /// <summary>Whether the answer was cut before it had the arguments. A call without any has <see cref="NoArguments"/>.</summary>
    public static bool IsCut(string arguments) => string.IsNullOrWhiteSpace(arguments);

    // The object among what is not part of it: an empty object before it, itself once more, and marks around it.
    private static string? Unwrap(string arguments)
    {
        var rest = Opening().Replace(arguments, "");
        string? found = null;
        for (var count = 0; count < MostObjects && FirstObject(rest) is { } next; count++)
        {
            if (found is not null && found != next && !IsEmptyObject(found))
                return null;
            found = next;
            rest = rest[next.Length..].TrimStart();
        }

        return found is not null && Closing().IsMatch(rest) ? found : null;
    }

    /// <summary>The complete object at the beginning of a text; null where there is none.</summary>
    public static string? FirstObject(string text)
    {
        if (text is not ['{', ..])
            return null;
        var bytes = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { AllowMultipleValues = true });
        try
        {
            reader.Read();
            reader.Skip();
            return Encoding.UTF8.GetString(bytes, 0, (int)reader.BytesConsumed);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsEmptyObject(string json) => json.AsSpan(1).TrimStart() is ['}'];

    [GeneratedRegex(@"^[\s\uFEFF]*(?:```(?:json)?\s*)?", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Opening();

    [GeneratedRegex(@"^(?:[\s\uFEFF}]|</tool_call>|```)*$", RegexOptions.NonBacktracking)]
    private static partial Regex Closing();

    /// <summary>The JSON without halves of surrogate pairs: they are legal, but providers refuse them, and tools can't read them.</summary>
    public static string WholeText(string json) => json.Contains("\\u", StringComparison.Ordinal)
        ? Encoding.UTF8.GetString(LoneSurrogates.Replace(Encoding.UTF8.GetBytes(json)).Span)
        : json;

    private static IEnumerable<string> WordsOf(string name)
    {
        for (var start = 0; start < name.Length; start++)
        {
            if (!IsNameCharacter(name[start]))
                continue;
            var end = start + 1;
            while (end < name.Length && IsNameCharacter(name[end]))
                end++;
            yield return name[start..end];
            start = end;
        }
    }

    private static bool IsNameCharacter(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-';
}
