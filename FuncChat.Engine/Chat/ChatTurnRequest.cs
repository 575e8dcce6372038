using System.Text.Json.Serialization;
using FuncChat.Engine.Events;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Turns;
using FuncChat.Tools;

namespace FuncChat.Engine.Chat;

/// <summary>A chat: every message is a valid message of OpenAI's chat completions, and this server has every tool.</summary>
public sealed record ChatTurnRequest : TurnRequest
{
    /// <summary>The model, as `provider:name`.</summary>
    public required string Model { get; init; }

    public required IReadOnlyList<RawJson> Messages { get; init; }

    /// <summary>The tools that are offered to the model.</summary>
    public IReadOnlyList<ToolRef> Tools { get; init; } = [];

    /// <summary>The tools that the client runs itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ClientTool>? ClientTools { get; init; }

    /// <summary>Names of tools, or patterns with `*`, whose calls the user has approved for this chat.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? ApprovedTools { get; init; }

    /// <summary>Names of tools whose calls each need an approval, as the client wants it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<string>? AskedTools { get; init; }

    /// <summary>Whether the client can answer requests of the turn though it may stop with the client: it finds the turn by the id of its last response.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool AnswersRequests { get; init; }

    /// <summary>The thread that the turn belongs to, if it belongs to one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ThreadId { get; init; }

    public SamplingOptions Sampling { get; init; } = new();

    /// <inheritdoc cref="ModelRequest.Options"/>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyDictionary<string, RawJson>? Options { get; init; }

    /// <summary>The model, resolved where the request was parsed. Null for a stored request.</summary>
    [JsonIgnore]
    public ResolvedModel? Resolved { get; init; }

    [JsonIgnore]
    public override string Operation => "invoke_agent";

    [JsonIgnore]
    public override string ModelId => Model;

    [JsonIgnore]
    internal override bool IsWhole =>
        base.IsWhole && Model is not null && Sampling is not null && StoredMessages.AreReadable(Messages)
        && Tools?.All(tool => tool?.Name is not null) == true && ClientTools?.Any(tool => tool?.Name is null) != true && ApprovedTools?.Any(tool => tool is null) != true
        && AskedTools?.Any(tool => tool is null) != true;

    internal override bool IsSameAs(TurnRequest other) => base.IsSameAs(other) && other is ChatTurnRequest chat && chat.ThreadId == ThreadId;
}
