using FuncChat.Engine.Turns;

namespace FuncChat.Web.Formats.OpenAiChat;

/// <summary>The chunks of OpenAI's chat completions, ended by `[DONE]`.</summary>
internal sealed class OpenAiChatFormat(StoredTurns stored) : EventStreamFormat
{
    public const string WireName = "openai-chat";

    public override string Name => WireName;

    public override bool IsForChatsOnly => true;

    protected override ITurnEventMapping Open(TurnResponse turn) => new OpenAiChatMapping(turn, new VoidText(limit: 0));

    protected override async ValueTask<ITurnEventMapping> OpenAsync(TurnResponse turn) =>
        turn.IsNew ? Open(turn) : new OpenAiChatMapping(turn, await VoidText.ReadAsync(stored, turn));
}
