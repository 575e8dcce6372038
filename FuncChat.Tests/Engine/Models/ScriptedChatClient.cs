using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace FuncChat.Tests.Engine.Models;

/// <summary>A chat client that is one delegate, and remembers what it was asked.</summary>
internal sealed class ScriptedChatClient(Func<CancellationToken, IAsyncEnumerable<ChatResponseUpdate>> answer) : IChatClient
{
    public IReadOnlyList<ChatMessage> Messages { get; private set; } = [];

    public ChatOptions? Options { get; private set; }

    /// <summary>A client that answers with these updates.</summary>
    public static ScriptedChatClient Of(params ChatResponseUpdate[] updates) => new(_ => updates.ToAsyncEnumerable());

    /// <summary>A client that gives one update with each of these contents, and no finish reason.</summary>
    public static ScriptedChatClient Of(params AIContent[] contents) =>
        Of([.. contents.Select(content => new ChatResponseUpdate(ChatRole.Assistant, [content]))]);

    /// <summary>A client that says "half" and then fails.</summary>
    public static ScriptedChatClient Failing(Exception failure) => new(_ => FailAsync(failure));

    /// <summary>A client that says "half" and then nothing until it is cancelled.</summary>
    public static ScriptedChatClient Silent() => new(token => StallAsync(token));

    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        Messages = [.. messages];
        Options = options;
        return answer(cancellationToken);
    }

    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
        // Nothing to release.
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> FailAsync(Exception failure)
    {
        yield return new ChatResponseUpdate(ChatRole.Assistant, "half");
        await Task.FromException(failure);
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> StallAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new ChatResponseUpdate(ChatRole.Assistant, "half");
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
    }
}
