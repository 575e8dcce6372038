using FuncChat.Engine;
using FuncChat.Engine.Turns;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Formats.OpenAiChat;

/// <summary>The chunks of OpenAI's chat completions, ended by `[DONE]`.</summary>
internal sealed class OpenAiChatFormat(StoredTurns stored) : EventStreamFormat
{
    public const string WireName = "openai-chat";

    private const string IncludeUsage = "include_usage";

    public override string Name => WireName;

    public override bool IsForChatsOnly => true;

    private static AppError InvalidUsage { get; } = new(ErrorCode.InvalidRequest, "include_usage must be true or false.") { Path = $"?{IncludeUsage}" };

    /// <summary>Whether the query asks for the tokens that were used.</summary>
    public static bool AsksForUsage(HttpRequest request) => QueryFlag.TryRead(request.Query, IncludeUsage, out var asked) && asked;

    public override AppError? FindError(HttpRequest request) => QueryFlag.TryRead(request.Query, IncludeUsage, out _) ? null : InvalidUsage;

    protected override ITurnEventMapping Open(TurnResponse turn) => new OpenAiChatMapping(turn, new VoidText(limit: 0));

    protected override async ValueTask<ITurnEventMapping> OpenAsync(TurnResponse turn) =>
        turn.IsNew ? Open(turn) : new OpenAiChatMapping(turn, await VoidText.ReadAsync(stored, turn.Http, turn.TurnId, turn.IsContinued));
}
