using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Text.Json;
using FuncChat.Engine.Models.Http;
using Microsoft.Extensions.AI;

namespace FuncChat.Engine.Models.ChatClients;

/// <summary>
/// Any <see cref="IChatClient"/> as a model, for providers with an API of their own. It costs about ten times the CPU of <see
/// cref="OpenAi.OpenAiModel"/>, since each update is a graph of objects.
/// </summary>
/// <param name="provider">The provider's name in messages for people.</param>
internal sealed class ChatClientModel(IChatClient client, string provider, TimeProvider time) : IModel
{
    private ProviderErrorMapper Failures => new(provider, ApiKey);

    /// <summary>The client's key, if it is known: it is then removed from the provider's error messages.</summary>
    public string? ApiKey { get; init; }

    /// <summary>The longest silence of the client. Default 60 s.</summary>
    public TimeSpan IdleTimeout { get; init; } = CallTimeouts.DefaultIdle;

    /// <summary>The longest a call may take in total. Default 10 min.</summary>
    public TimeSpan OverallTimeout { get; init; } = CallTimeouts.DefaultOverall;

    /// <summary>Retries a call that fails before its first update; null for never.</summary>
    public RetryPolicy? Retries { get; init; }

    /// <summary>
    /// Returns the HTTP status of an exception of the client's own kind, where it has one; that of <see cref="HttpClient"/> is known.
    /// </summary>
    public Func<Exception, int?> StatusOf { get; init; } = static _ => null;

    public async IAsyncEnumerable<ModelChunk> StreamAsync(
        ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var deadline = new CallTimeouts(IdleTimeout, OverallTimeout, time, cancellationToken);
        (IAsyncEnumerator<ChatResponseUpdate>? Updates, bool HasUpdate, ModelException? Failure) opened;
        for (var failed = 0; ;)
        {
            opened = await TryOpenAsync(request, deadline);
            if (opened.Failure is not { } failure)
                break;
            if (Retries?.WaitBefore(++failed, failure.Error) is not { } wait)
                throw failure;
            yield return ModelChunk.OfRetry(new ModelRetry(failed, wait, failure.Error));
            await deadline.DelayAsync(wait, Failures);
        }

        var thoughts = new ThinkTags();
        await using var chunks = ReadAsync(opened.Updates!, opened.HasUpdate, deadline).GetAsyncEnumerator(CancellationToken.None);
        while (true)
        {
            bool hasChunk;
            ExceptionDispatchInfo? failure = null;
            try
            {
                hasChunk = await chunks.MoveNextAsync();
            }
            catch (Exception e)
            {
                (failure, hasChunk) = (ExceptionDispatchInfo.Capture(e), false);
            }

            if (failure is not null)
            {
                // What is held belongs to the text that the user keeps.
                foreach (var piece in thoughts.BreakOff())
                    yield return piece;
                failure.Throw();
            }

            if (!hasChunk)
                break;
            var chunk = chunks.Current;
            foreach (var piece in thoughts.IsOver && !thoughts.Repeats(chunk) ? [chunk] : thoughts.Split(chunk))
                yield return piece;
        }
    }

    private async IAsyncEnumerable<ModelChunk> ReadAsync(IAsyncEnumerator<ChatResponseUpdate> updates, bool hasUpdate, CallTimeouts deadline)
    {
        var answer = new ChatClientAnswer(Failures);
        try
        {
            for (; hasUpdate; hasUpdate = await MoveNextAsync(updates, deadline))
            {
                foreach (var chunk in answer.Add(updates.Current))
                    yield return chunk;
            }
        }
        finally
        {
            await ReleaseAsync(updates);
        }

        foreach (var chunk in answer.End())
            yield return chunk;
    }

    /// <summary>Calls the client, and waits for its first update.</summary>
    private async ValueTask<(IAsyncEnumerator<ChatResponseUpdate>? Updates, bool HasUpdate, ModelException? Failure)> TryOpenAsync(
        ModelRequest request, CallTimeouts deadline)
    {
        IAsyncEnumerator<ChatResponseUpdate>? updates = null;
        try
        {
            updates = Start(request, deadline);
            return (updates, await MoveNextAsync(updates, deadline), null);
        }
        catch (Exception failure)
        {
            if (updates is not null)
                await ReleaseAsync(updates);
            if (failure is ModelException reported && !deadline.Token.IsCancellationRequested)
                return (null, false, reported);
            throw;
        }
    }

    // An error of the release must not replace the result of the call: its answer, or the failure that decides about another try.
    private static async ValueTask ReleaseAsync(IAsyncEnumerator<ChatResponseUpdate> updates)
    {
        try
        {
            await updates.DisposeAsync();
        }
        catch (Exception)
        {
            // The call is over.
        }
    }

    private IAsyncEnumerator<ChatResponseUpdate> Start(ModelRequest request, CallTimeouts deadline)
    {
        var messages = Read(request);
        try
        {
            return client.GetStreamingResponseAsync(messages, ChatClientOptions.Of(request), deadline.Token).GetAsyncEnumerator(deadline.Token);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw FailureOf(failure);
        }
    }

    private ChatMessage[] Read(ModelRequest request)
    {
        var messages = new ChatClientMessages(provider, request.Model);
        try
        {
            // An answer that was empty means nothing to a model, and some providers refuse it.
            return [.. request.Messages.Select(messages.Read).Where(message => message.Role != ChatRole.Assistant || message.Contents.Count > 0)];
        }
        catch (NotSupportedException unknown)
        {
            var error = new AppError(ErrorCode.InvalidRequest, $"Provider {provider} does not accept {unknown.Message}.");
            throw new ModelException(error, unknown);
        }
        catch (Exception malformed) when (malformed
            is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException)
        {
            throw new ModelException(new AppError(ErrorCode.InvalidRequest, "A message, or a part of it, is malformed."), malformed);
        }
    }

    private async ValueTask<bool> MoveNextAsync(IAsyncEnumerator<ChatResponseUpdate> updates, CallTimeouts deadline)
    {
        try
        {
            deadline.StartWaiting();
            return await updates.MoveNextAsync();
        }
        catch (Exception failure) when (deadline.Token.IsCancellationRequested)
        {
            throw deadline.GivenUp(Failures, failure);
        }
        catch (Exception failure) when (failure is not ModelException)
        {
            throw FailureOf(failure);
        }
        finally
        {
            deadline.StopWaiting();
        }
    }

    private ModelException FailureOf(Exception failure) => (StatusOf(failure), failure) switch
    {
        ({ } status, _) => Failures.Refused(status, ProviderError.None with { Message = failure.Message }, inner: failure),
        (_, HttpRequestException { StatusCode: { } status }) => Failures.Refused((int)status, ProviderError.None, inner: failure),
        (_, HttpRequestException unreachable) => Failures.Unreachable(unreachable),
        (_, IOException) => Failures.BrokenOff(failure),
        (_, TimeoutException or OperationCanceledException) => Failures.ConnectTimedOut(failure),
        _ => Failures.Unknown(failure),
    };
}
