namespace FuncChat.Web.Formats.OpenAiChat;

/// <summary>The chunks of OpenAI's chat completions, ended by `[DONE]`.</summary>
internal sealed class OpenAiChatFormat(TimeProvider time) : EventStreamFormat
{
    public const string WireName = "openai-chat";

    public override string Name => WireName;

    public override bool IsForChatsOnly => true;

    protected override ITurnEventMapping Open(TurnResponse turn) => new OpenAiChatMapping(turn, time.GetUtcNow());
}
