using FuncChat.Engine;
using FuncChat.Engine.Chat;
using FuncChat.Web.Turns;

namespace FuncChat.Web.UiChat;

/// <summary>A valid body of `POST /api/ui/chat`: it starts a turn, or answers the requests of one that waits.</summary>
/// <param name="ChatId">The client's id of the chat; null if it sent none.</param>
internal sealed record UiChatRequest(string? ChatId)
{
    /// <summary>The request of the turn to start; null if the body answers requests.</summary>
    public ChatTurnRequest? Turn { get; init; }

    /// <summary>The messages that are new: those after what <see cref="ParentTurnId"/> has.</summary>
    public IReadOnlyList<RawJson> Added { get; init; } = [];

    /// <summary>The turn that the client's last message of the assistant names; null if there is none.</summary>
    public string? ParentTurnId { get; init; }

    /// <summary>The client's message that the answer continues; null if it begins one.</summary>
    public string? MessageId { get; init; }

    /// <summary>The turn that waits; null if the body starts one.</summary>
    public string? AnsweredTurnId { get; init; }

    public IReadOnlyList<GivenAnswer> Answers { get; init; } = [];
}
