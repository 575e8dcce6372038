using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Store;
using FuncChat.Web.Http;

namespace FuncChat.Web.Turns;

/// <summary>The body of `POST /api/turns/{turnId}/signals`.</summary>
internal sealed record SignalRequest
{
    /// <summary>The most characters of a reason.</summary>
    public const int MaxReason = 2000;

    private const int MaxJsonBytes = 256 * 1024;

    /// <summary>`approve`, `deny`, `answer` or `stop`.</summary>
    [Required(ErrorMessage = "The type is missing: send approve, deny, answer or stop.")]
    [AllowedValues(SignalType.Approve, SignalType.Deny, SignalType.Answer, TurnSignal.Stop)]
    public string? Type { get; init; }

    /// <summary>The request to answer. Not for `stop`.</summary>
    [Text(64)]
    public string? RequestId { get; init; }

    /// <summary>
    /// For `approve`: an object with the arguments to run the call with, in place of the model's. For a budget: `{"amount": number}`, by how much to raise it.
    /// </summary>
    [RawJson("JsonObject")]
    public JsonElement? Arguments { get; init; }

    /// <summary>For `answer`: an object that matches the request's schema.</summary>
    [RawJson("JsonObject")]
    public JsonElement? Content { get; init; }

    /// <summary>For `deny`: why. The model reads it.</summary>
    [Text(MaxReason)]
    public string? Reason { get; init; }

    /// <summary>For `approve`: whether later calls of the tool in this turn need no approval.</summary>
    public bool? Always { get; init; }

    public AppError? FindError() =>
        (Type == TurnSignal.Stop) != (RequestId is null)
            ? JsonField.Error("$.request_id", Type == TurnSignal.Stop ? "A signal to stop answers no request." : "The id of the request is missing.")
        : Arguments is not null && Type != SignalType.Approve ? JsonField.Error("$.arguments", "This is only for the type approve.")
        : Always is not null && Type != SignalType.Approve ? JsonField.Error("$.always", "This is only for the type approve.")
        : Content is not null && Type != SignalType.Answer ? JsonField.Error("$.content", "This is only for the type answer.")
        : Reason is not null && Type != SignalType.Deny ? JsonField.Error("$.reason", "This is only for the type deny.")
        : FindError(Arguments, "$.arguments") ?? FindError(Content, "$.content");

    /// <summary>The answer that it gives, unless it is one to stop.</summary>
    public GivenAnswer ToAnswer() => new(RequestId!, Type!, new RequestAnswer
    {
        Arguments = TextOf(Arguments),
        Content = TextOf(Content) is { } content ? new RawJson(Encoding.UTF8.GetBytes(content)) : null,
        Reason = Reason,
        Always = Always == true ? true : null,
    });

    private static AppError? FindError(JsonElement? json, string path) =>
        json is null or { ValueKind: JsonValueKind.Null } ? null
        : json.Value.ValueKind != JsonValueKind.Object ? JsonField.Error(path, "This must be an object.")
        : Encoding.UTF8.GetByteCount(json.Value.GetRawText()) > MaxJsonBytes ? JsonField.Error(path, $"This must have at most {MaxJsonBytes} bytes.")
        : null;

    // As it was sent, since it may contain half a surrogate pair, which can't be written again; but on one line, as a signal is stored.
    private static string? TextOf(JsonElement? json) =>
        json is null or { ValueKind: JsonValueKind.Null } ? null : JsonField.OneLine(json.Value);
}

/// <summary>The response to a signal: the answer counts.</summary>
internal sealed record SignalReceipt(string TurnId, string? RequestId, string Type);
