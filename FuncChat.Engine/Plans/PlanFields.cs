using System.Text.Json;
using FuncChat.Engine.Events;

namespace FuncChat.Engine.Plans;

/// <summary>
/// Reads the fields of a plan as <see cref="PlanSchema"/> describes them. Null as a list is an empty one, a choice may be in any case, and a search may be one text.
/// </summary>
internal sealed class PlanFields(JsonElement plan)
{
    // The model gets them all back.
    private const int MaxErrors = 5;

    private static readonly JsonElement Schema = PlanSchema.ForModel.Schema;
    private static readonly string[] Complexities = [.. Schema.GetProperty("properties").GetProperty("complexity").GetProperty("enum").EnumerateArray().Select(each => each.GetString()!)];

    private readonly List<string> _errors = [];

    /// <summary>The names of the fields that a plan must have.</summary>
    public static IReadOnlyList<string> Required { get; } = [.. Schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()!)];

    /// <summary>Returns the plan, or what is wrong with it.</summary>
    public Result<PlanEvent> Read()
    {
        var (reasoning, text) = (Text(PlanSchema.Reasoning), Text("text"));
        var searches = List<IReadOnlyList<string>>("search_keywords", (search, path) => search.ValueKind == JsonValueKind.String ? [Text(search, path)] : List(search, path, Text));
        var questions = List("questions", Text);
        var (persona, complexity) = (Text("persona"), Text("complexity").ToLowerInvariant());
        if (!Complexities.Contains(complexity) && plan.TryGetProperty("complexity", out var given) && given.ValueKind == JsonValueKind.String)
            AddError("complexity", $"must be one of {string.Join(", ", Complexities)}");
        return _errors.Count == 0
            ? new PlanEvent(text, searches, questions, persona, reasoning, complexity)
            : new AppError(ErrorCode.UpstreamError, $"It does not fit: {string.Join("; ", _errors)}.");
    }

    private string Text(string name) => Find(name) is { } value ? Text(value, name) : "";

    private string Text(JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            AddError(path, "must be a string");
            return "";
        }

        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            AddError(path, "has text that is not valid Unicode");
            return "";
        }
    }

    private List<T> List<T>(string name, Func<JsonElement, string, T> read) =>
        Find(name) is not { ValueKind: not JsonValueKind.Null } value ? [] : List(value, name, read);

    // A wrong list may have a million items: the first ones are enough.
    private List<T> List<T>(JsonElement value, string path, Func<JsonElement, string, T> read)
    {
        var items = new List<T>();
        if (value.ValueKind != JsonValueKind.Array)
            AddError(path, "must be an array");
        else
            items.AddRange(value.EnumerateArray().TakeWhile(_ => _errors.Count < MaxErrors).Select((item, place) => read(item, $"{path}[{place}]")));
        return items;
    }

    private JsonElement? Find(string name)
    {
        if (plan.ValueKind == JsonValueKind.Object && plan.TryGetProperty(name, out var value))
            return value;
        AddError(name, "is missing");
        return null;
    }

    private void AddError(string path, string error)
    {
        if (_errors.Count < MaxErrors)
            _errors.Add($"{path} {error}");
    }
}
