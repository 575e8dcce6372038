using System.Text;
using System.Text.Json;
using FuncChat.Engine.Events;

namespace FuncChat.Engine.Plans;

/// <summary>
/// Finds the plan in a model's answer, which may wrap it in a code fence, other text, another object or a string, and validates it. The last valid one
/// counts.
/// </summary>
internal static class PlanReader
{
    private const int MostWrappers = 3;

    // Far more than a plan needs. An answer may be 8 MB of anything.
    private const int LongestPlan = 256 * 1024;

    // Reading one costs more than the search for objects.
    private const int MostObjects = 16;

    // A model that is caught in a loop may write braces without end.
    private const int MostFailures = 10_000;

    private const int NoEnd = -1;

    private static readonly JsonDocumentOptions Lenient = new() { AllowDuplicateProperties = false, AllowTrailingCommas = true };

    private static readonly string[] Wrappers = ["plan", "arguments", "parameters", "function"];

    /// <summary>Returns the plan, or what is wrong with it as sentences for the model.</summary>
    public static Result<PlanEvent> Read(string answer)
    {
        var (objects, error) = Find(Encoding.UTF8.GetBytes(Unquote(answer)));
        var longest = error is null ? 0 : int.MaxValue;
        foreach (var json in objects.AsEnumerable().Reverse())
        {
            var plan = ReadObject(json);
            if (plan.Succeeded)
                return plan;
            if (json.Length > longest)
                (longest, error) = (json.Length, plan.Error);
        }

        return error ?? Error("It has no JSON object.");
    }

    /// <summary>Finds the outermost objects, and the error of invalid JSON that is longer than any of them.</summary>
    private static (List<string> Objects, AppError? Error) Find(ReadOnlySpan<byte> text)
    {
        var objects = new List<string>();
        AppError? error = null;
        var (longest, failures, ends) = (0L, 0, new int[text.Length]);
        for (var start = text.IndexOf((byte)'{'); start >= 0 && failures < MostFailures;)
        {
            if (ends[start] == 0 && (longest == 0 || MayBegin(text[(start + 1)..])) && ReadTo(ends, text, start) is var (failure, read))
            {
                failures++;
                if (read > longest)
                    (longest, error) = (read, Invalid(failure));
            }

            var length = 1;
            if (ends[start] > 0)
            {
                length = ends[start] - start;
                objects.Add(Encoding.UTF8.GetString(text.Slice(start, length)));
                if (objects.Count > MostObjects)
                    objects.RemoveAt(0);
                if (length >= longest)
                    (longest, error) = (length, null);
            }

            var next = text[(start + length)..].IndexOf((byte)'{');
            start = next < 0 ? -1 : start + length + next;
        }

        return (objects, error);
    }

    // Most braces that begin no object are known without the cost of an exception.
    private static bool MayBegin(ReadOnlySpan<byte> members) => members.TrimStart(" \t\r\n"u8) is [(byte)'"' or (byte)'}', ..];

    /// <summary>
    /// Reads the object at a place, and notes where it and each object in it ends, or <see cref="NoEnd"/>. So none of them is read again when the outer one has
    /// no end, and the search takes time in proportion to the text: only what is between quotes can be read once more, as what is outside of them.
    /// </summary>
    private static (JsonException Failure, long Read)? ReadTo(int[] ends, ReadOnlySpan<byte> text, int start)
    {
        var reader = new Utf8JsonReader(text[start..], new JsonReaderOptions { AllowTrailingCommas = true, MaxDepth = LongestPlan });
        var open = new Stack<int>();
        try
        {
            do
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.StartObject)
                    open.Push(start + (int)reader.TokenStartIndex);
                else if (reader.TokenType == JsonTokenType.EndObject)
                    ends[open.Pop()] = start + (int)reader.BytesConsumed;
            }
            while (open.Count > 0);
            return null;
        }
        catch (JsonException e)
        {
            foreach (var place in open)
                ends[place] = NoEnd;
            return (e, reader.BytesConsumed);
        }
    }

    private static Result<PlanEvent> ReadObject(string json)
    {
        if (json.Length > LongestPlan)
            return Error($"It is longer than {LongestPlan} characters.");
        try
        {
            return new PlanFields(Unwrap(JsonElement.Parse(json, Lenient), MostWrappers)).Read();
        }
        catch (JsonException e)
        {
            return Invalid(e);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException)
        {
            return Error("It has a name that is not valid Unicode.");
        }
    }

    // Some models write the plan as the arguments of a tool call.
    private static JsonElement Unwrap(JsonElement json, int depth)
    {
        if (depth == 0 || json.ValueKind != JsonValueKind.Object || PlanFields.Required.All(name => json.TryGetProperty(name, out _)))
            return json;
        foreach (var wrapper in Wrappers)
        {
            if (!json.TryGetProperty(wrapper, out var inner))
                continue;
            if (inner.ValueKind == JsonValueKind.Object)
                return Unwrap(inner, depth - 1);
            if (inner.ValueKind == JsonValueKind.String && JsonStringBytes.TextOf(inner) is var text && text.AsSpan().TrimStart().StartsWith('{'))
                return Unwrap(JsonElement.Parse(Encoding.UTF8.GetBytes(text), Lenient), depth - 1);
        }

        return json;
    }

    // Some models write the object as a JSON string.
    private static string Unquote(string answer)
    {
        if (!answer.AsSpan().TrimStart().StartsWith('"'))
            return answer;
        try
        {
            using var text = JsonDocument.Parse(Encoding.UTF8.GetBytes(answer));
            return JsonStringBytes.TextOf(text.RootElement);
        }
        catch (JsonException)
        {
            return answer;
        }
    }

    private static AppError Invalid(JsonException e) => Error($"It is not valid JSON: {e.Message}");

    private static AppError Error(string message) => new(ErrorCode.UpstreamError, message);
}
