using System.Text.Json;

namespace FuncChat.Tests.Docs;

/// <summary>Compares what documentation shows with what comes. There may be more, and values may differ, except for tokens and ids of calls; the kinds may not.</summary>
internal static class ShownOutput
{
    /// <summary>What is shown but does not come, or null.</summary>
    public static string? FindMissing(string shown, string real)
    {
        if (shown.TrimStart().StartsWith('{'))
            return FindMissing(JsonElement.Parse(shown), JsonElement.Parse(real), "$");

        // Frames in the order in which they are shown, others between them.
        var rest = new Queue<string>(Frames(real));
        foreach (var frame in Frames(shown))
        {
            var candidates = new List<string?>();
            while (rest.TryDequeue(out var next))
            {
                var missing = FindMissingOfFrame(frame, next);
                candidates.Add(missing);
                if (missing is null)
                    break;
            }

            if (candidates is [] || candidates[^1] is not null)
                return $"{frame}\n({string.Join(", ", candidates.OfType<string>().Distinct())})";
        }

        return null;
    }

    private static IEnumerable<string> Frames(string stream) =>
        stream.Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Select(frame => frame.Trim()).Where(frame => !frame.StartsWith(':'));

    private static string? FindMissingOfFrame(string shown, string real)
    {
        if (EventOf(shown) != EventOf(real))
            return $"event {EventOf(shown)}";
        var (shownData, realData) = (DataOf(shown), DataOf(real));
        if (!shownData.StartsWith('{') || !realData.StartsWith('{'))
            return shownData == realData ? null : shownData;
        return FindMissing(JsonElement.Parse(shownData), JsonElement.Parse(realData), "$");
    }

    private static string EventOf(string frame) => FieldOf(frame, "event: ");

    private static string DataOf(string frame) => FieldOf(frame, "data: ");

    private static string FieldOf(string frame, string field) =>
        frame.Split('\n').FirstOrDefault(line => line.StartsWith(field, StringComparison.Ordinal))?[field.Length..] ?? "";

    private static string? FindMissing(JsonElement shown, JsonElement real, string path)
    {
        if (shown.ValueKind != real.ValueKind && !(IsFlag(shown) && IsFlag(real)))
            return $"{path} is {real.ValueKind}";
        return shown.ValueKind switch
        {
            JsonValueKind.Object => shown.EnumerateObject().Select(field => real.TryGetProperty(field.Name, out var value)
                ? FindMissing(field.Value, value, $"{path}.{field.Name}")
                : $"{path}.{field.Name}").FirstOrDefault(missing => missing is not null),
            JsonValueKind.Array when shown.GetArrayLength() > 0 => real.GetArrayLength() == 0
                ? $"{path}[0]"
                : FindMissing(shown[0], real[0], $"{path}[0]"),
            JsonValueKind.Number when path.EndsWith("tokens", StringComparison.OrdinalIgnoreCase) && shown.GetInt64() != real.GetInt64() => $"{path} is {real.GetInt64()}",
            JsonValueKind.String when shown.GetString()!.StartsWith("call_", StringComparison.Ordinal) && shown.GetString() != real.GetString() => $"{path} is {real.GetString()}",
            _ => null,
        };
    }

    private static bool IsFlag(JsonElement value) => value.ValueKind is JsonValueKind.True or JsonValueKind.False;
}
