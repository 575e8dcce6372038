using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Web.Formats.Responses;
using FuncChat.Web.Http;

namespace FuncChat.Web.Responses;

/// <summary>A request for an approval as a client that sends the whole history repeats it.</summary>
internal sealed record SentApprovalRequest(string Id, string? ServerLabel, string? Name, string? Arguments, string Path)
{
    public static SentApprovalRequest Of(string id, JsonElement item, string path) =>
        new(id, FieldOf(item, "server_label"), FieldOf(item, "name"), FieldOf(item, "arguments"), path);

    /// <summary>Refuses a request that is not the stored one: its user would approve something else than what then runs.</summary>
    public AppError? FindError(ApprovalRequestItem stored) =>
        ServerLabel is not null && ServerLabel != stored.ServerLabel ? Differs("server_label")
        : Name is not null && Name != stored.Name ? Differs("name")
        : Arguments is not null && !IsSame(Arguments, stored.Arguments) ? Differs("arguments")
        : null;

    private AppError Differs(string field) =>
        JsonField.Error($"{Path}.{field}", "This differs from the request as it is stored, which is what runs: send the item unchanged, or only the approval with previous_response_id.");

    private static string? FieldOf(JsonElement item, string name) =>
        !item.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null : JsonField.TryGetText(value, out var text) ? text : value.GetRawText();

    // Some clients read the arguments and write them again.
    private static bool IsSame(string sent, string stored)
    {
        try
        {
            return sent == stored || JsonElement.DeepEquals(JsonElement.Parse(sent), JsonElement.Parse(stored));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return false; // not JSON, or with half a surrogate pair
        }
    }
}
