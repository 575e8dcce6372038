using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Web.Formats.AgUi;
using FuncChat.Web.Turns;

namespace FuncChat.Web.AgUi;

/// <summary>A valid `RunAgentInput`: it starts a turn, which can replace one that waits, or answers the interrupts of one.</summary>
internal sealed record AgUiRunRequest(string ThreadId, string RunId)
{
    /// <summary>The request of the turn to start; null if the input answers interrupts.</summary>
    public ChatTurnRequest? Turn { get; init; }

    /// <summary>The messages that are new: those after what <see cref="ParentTurnId"/> has.</summary>
    public IReadOnlyList<RawJson> Added { get; init; } = [];

    /// <summary>The turn that wrote the client's last message of the assistant; null if there is none.</summary>
    public string? ParentTurnId { get; init; }

    /// <summary>The turn that waits; null if the input starts one.</summary>
    public string? AnsweredTurnId { get; init; }

    public IReadOnlyList<GivenAnswer> Answers { get; init; } = [];

    /// <summary>What resolves the interrupts that look like approvals, by the ids of their requests.</summary>
    public IReadOnlyDictionary<string, RawJson> Payloads { get; init; } = new Dictionary<string, RawJson>();

    /// <summary>The turn whose interrupts the user dismisses with a new message; null if there is none.</summary>
    public string? CancelledTurnId { get; init; }

    /// <summary>The client's messages, an array.</summary>
    public required RawJson Messages { get; init; }

    public RawJson? State { get; init; }

    /// <inheritdoc cref="StoredAgUiRun.ProtocolVersion"/>
    public string? ProtocolVersion { get; init; }
}
