using System.Text;
using System.Text.Json;
using FuncChat.Engine.Events;
using FuncChat.Engine.Files;
using FuncChat.Engine.Models;
using FuncChat.Tools;

namespace FuncChat.Engine.Threads;

/// <summary>
/// The part of a turn that the readers of a link see: its messages, its text and its sources. System messages, reasoning, tokens, cost, approvals and the names
/// of those who gave them stay private, and so do the calls of tools unless the owner shares them.
/// </summary>
internal static class SharedContent
{
    private const string ErrorMessage = "The answer did not complete.";

    /// <summary>Returns the content for a reader.</summary>
    public static ThreadTurnContent Of(ThreadTurnContent content, bool withTools) => new()
    {
        Messages = MessagesOf(content.Messages, withTools),
        Events = [.. (content.Events ?? []).Select(each => EventOf(each, withTools)).OfType<ThreadTurnEvent>()],
    };

    /// <summary>The ids of the files that the content for a reader refers to.</summary>
    public static IEnumerable<string> FilesIn(ThreadTurnContent shared)
    {
        var ids = new List<string>();
        foreach (var message in shared.Messages.Concat(shared.Transcript?.Messages ?? []))
        {
            using var document = JsonDocument.Parse(message.Utf8);
            ids.AddRange(FileReferences.In(document.RootElement));
            if (MessageJson.Role(document.RootElement) == "tool")
                ids.AddRange(ImageReference.In(MessageJson.JoinText(document.RootElement)));
        }

        return ids.Where(FileKey.IsFileId).Distinct(StringComparer.Ordinal);
    }

    /// <summary>The instructions in the messages that a turn was started with; null if there are none.</summary>
    public static string? InstructionsIn(ThreadTurnContent content)
    {
        var texts = new List<string>();
        foreach (var message in content.Messages.Where(ConversationReader.IsSystem))
        {
            using var document = JsonDocument.Parse(message.Utf8);
            texts.Add(MessageJson.JoinText(document.RootElement));
        }

        return texts.Count > 0 ? string.Join("\n\n", texts) : null;
    }

    private static IReadOnlyList<RawJson> MessagesOf(IEnumerable<RawJson> messages, bool withTools) =>
        [.. messages.Select(message => SharedMessage.Of(message, withTools)).Where(message => message is not null).Select(message => message!.Value)];

    private static ThreadTurnEvent? EventOf(ThreadTurnEvent each, bool withTools)
    {
        switch (TurnEventCodec.Decode(Encoding.UTF8.GetBytes(each.Type), each.Data.Utf8.Span))
        {
            case StatusEvent or DeltaEvent or MessageResetEvent or CitationEvent:
                return each;
            case ToolCallStartEvent or ToolCallResultEvent or ClientToolCallsEvent when withTools:
                return each;
            case MessageCompleteEvent { Message: var message }:
                return SharedMessage.Of(message, withTools) is { } shared ? each with { Data = shared } : null;
            case CompleteEvent complete:
                return each with { Data = ThreadTurnEvent.DataOf(complete with { Messages = MessagesOf(complete.Messages, withTools), Usage = new ModelUsage(0, 0) }) };
            case ErrorEvent error:
                return each with { Data = ThreadTurnEvent.DataOf(new ErrorEvent(ErrorMessage, error.Code, Retryable: false)) };
            default:
                return null;
        }
    }
}
