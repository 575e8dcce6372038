using FuncChat.Engine.Store;
using FuncChat.Engine.Turns;
using FuncChat.Web.Http;

namespace FuncChat.Web.Formats.OpenAiChat;

/// <summary>The chunks of OpenAI's chat completions, ended by `[DONE]`.</summary>
internal sealed class OpenAiChatFormat(StoredTurns stored, TimeProvider time) : EventStreamFormat
{
    public const string WireName = "openai-chat";

    public override string Name => WireName;

    public override bool IsForChatsOnly => true;

    protected override ITurnEventMapping Open(TurnResponse turn) => new OpenAiChatMapping(turn, time.GetUtcNow(), new VoidText(limit: 0));

    protected override async ValueTask<ITurnEventMapping> OpenAsync(TurnResponse turn)
    {
        if (turn.IsNew)
            return Open(turn);

        // If the store fails here, void text is an error as it is in a stream that has begun.
        var voidText = new VoidText { IsContinued = turn.IsContinued };
        await stored.ReadAsync(new TurnKey(Caller.UserOf(turn.Http), turn.TurnId), voidText.Apply, turn.Http.RequestAborted);
        return new OpenAiChatMapping(turn, time.GetUtcNow(), voidText);
    }
}
