using System.Text.Json;
using FuncChat.Engine;

namespace FuncChat.Web.Http;

/// <summary>
/// Refuses fields that a protocol has under another name: in another spelling, or as another protocol names them. They would be ignored, and the answer would
/// not be what the client asked for.
/// </summary>
/// <param name="known">The fields of the protocol.</param>
internal sealed class MisnamedFields(params string[] known)
{
    private readonly Dictionary<string, string> _bySpelling = known.ToDictionary(SpellingOf, StringComparer.Ordinal);
    private readonly HashSet<string> _known = new(known, StringComparer.Ordinal);
    private readonly Dictionary<string, string> _others = [];

    /// <summary>Names of other protocols, in any spelling, and what to send instead.</summary>
    public IReadOnlyDictionary<string, string> Others
    {
        get => _others;
        init => _others = value.ToDictionary(other => SpellingOf(other.Key), other => other.Value, StringComparer.Ordinal);
    }

    /// <summary>The error of the first such field. One whose field is also given under its right name is not needed.</summary>
    /// <param name="path">The path of the object.</param>
    public AppError? FindError(JsonElement owner, string path)
    {
        // By name: a body with the same field in many spellings is read once for each field of the protocol, not for each spelling.
        Dictionary<string, bool>? given = null;
        foreach (var field in owner.EnumerateObject())
        {
            if (_known.Contains(field.Name) || IsEmpty(field))
                continue;
            var spelling = SpellingOf(field.Name);
            if (_bySpelling.TryGetValue(spelling, out var right))
            {
                given ??= new Dictionary<string, bool>(StringComparer.Ordinal);
                if (!given.TryGetValue(right, out var isGiven))
                    given[right] = isGiven = owner.TryGetProperty(right, out _);
                if (!isGiven)
                    return JsonField.Error(JsonField.PathTo(path, field.Name), $"This is not a field of this route: send {right}.");
            }
            else if (_others.TryGetValue(spelling, out var instead))
            {
                return JsonField.Error(JsonField.PathTo(path, field.Name), $"This is not a field of this route: {instead}.");
            }
        }

        return null;
    }

    // A value that requests nothing.
    private static bool IsEmpty(JsonProperty field) => field.Value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.Array => field.Value.GetArrayLength() == 0,
        JsonValueKind.Object => field.Value.GetPropertyCount() == 0,
        JsonValueKind.Number => field.Name.Contains("penalty", StringComparison.OrdinalIgnoreCase) && field.Value.TryGetDouble(out var number) && number == 0,
        _ => false,
    };

    private static string SpellingOf(string name) =>
        name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();
}
