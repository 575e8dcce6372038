using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Text.Json;

namespace FuncChat.Engine.Models.Http;

/// <summary>
/// A model that is called over HTTP and streams its answer as server-sent events. One instance serves any number of calls at once. A subclass
/// writes the requests and reads the events of one API.
/// </summary>
internal abstract class HttpModel(ProviderCall call) : IModel
{
    // A strict server may refuse one optional field after the other.
    private const int MostAdaptations = 32;

    // What may follow the finish is usage, which comes soon.
    private static readonly TimeSpan LongestWaitAfterFinish = TimeSpan.FromSeconds(5);

    private readonly LearnedLimits _learned = new();

    public virtual bool AcceptsFiles => false;

    protected ProviderEndpoint Endpoint => call.Endpoint;

    public async IAsyncEnumerable<ModelChunk> StreamAsync(
        ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var deadline = new CallTimeouts(Endpoint.IdleTimeout, Endpoint.OverallTimeout, call.Time, cancellationToken);
        var limits = _learned.Of(request);
        var order = new OrderTrial();
        CallOutcome outcome;
        for (int failed = 0, adapted = 0; ;)
        {
            var body = Write(request, limits);
            outcome = await TryOpenAsync(body.Json, request, deadline);
            if (outcome.Failure is not { } failure)
                break;
            if (adapted < MostAdaptations && outcome.Refusal is { } refusal
                && (RefusedFields.Find(refusal, request.Model, body, limits) ?? order.Next(refusal, failure, body, limits)) is { } narrower)
            {
                adapted++;
                limits = narrower;
                continue;
            }

            (limits, failure) = order.Undo(limits, failure);
            if (call.Retries.WaitBefore(++failed, failure.Error) is not { } wait)
                throw failure;
            yield return ModelChunk.OfRetry(new ModelRetry(failed, wait, failure.Error));
            await deadline.DelayAsync(wait, outcome.Failures);
        }

        await using var answer = outcome.Answer!;
        _learned.Remember(request, limits);
        var isAfterTools = limits.ThinksInChannel && IsToolResult(request.Messages[^1]);
        var assumesOpenTag = isAfterTools ? limits.ContinuesInChannel : limits.OmitsOpeningThinkTag ?? OmitsOpeningThinkTag(request.Model);
        var thoughts = new ThinkTags(assumesOpenTag, inChannel: isAfterTools);
        var ends = new EndTokens();
        var calls = new ToolCallTags(request.Tools);
        var isCut = false;
        while (true)
        {
            ModelChunk chunk;
            bool hasChunk;
            ExceptionDispatchInfo? failure = null;
            try
            {
                while (!(hasChunk = answer.Reader.TryRead(out chunk)) && !answer.Reader.IsOver)
                    await ReceiveAsync(answer.Stream, answer.Reader, outcome.Failures, deadline);
            }
            catch (Exception e)
            {
                (failure, hasChunk, chunk) = (ExceptionDispatchInfo.Capture(e), false, default);
            }

            if (failure is not null)
            {
                // What is held belongs to the text that the user keeps.
                foreach (var piece in thoughts.BreakOff().SelectMany(ends.Split).Concat(ends.BreakOff()).SelectMany(calls.Split).Concat(calls.BreakOff()))
                    yield return piece;
                failure.Throw();
            }

            if (!hasChunk)
                break;
            isCut |= chunk.Kind is ModelChunkKind.ToolCall || (chunk.Kind is ModelChunkKind.Finish && chunk.FinishReason is not FinishReason.Stop);
            if (thoughts.IsOver)
            {
                if (chunk.Kind is ModelChunkKind.Text)
                    thoughts.Watch(chunk.EscapedText.Span);
                if (thoughts.Repeats(chunk))
                    continue;
                if (ends.Passes(chunk) && calls.Passes(chunk))
                {
                    yield return chunk;
                    continue;
                }

                foreach (var piece in ends.Split(chunk).SelectMany(calls.Split))
                    yield return piece;
                continue;
            }

            foreach (var piece in thoughts.Split(chunk).SelectMany(ends.Split).SelectMany(calls.Split))
                yield return piece;
        }

        if (thoughts.HasChannel && !limits.ThinksInChannel)
            _learned.Remember(request, limits with { ThinksInChannel = true });
        else if (thoughts.HasText && thoughts.OmitsOpeningTag != assumesOpenTag && !(isCut && assumesOpenTag)) // thoughts that were cut, or call a tool, may lack their closing tag
            _learned.Remember(request, isAfterTools ? limits with { ContinuesInChannel = thoughts.OmitsOpeningTag } : limits with { OmitsOpeningThinkTag = thoughts.OmitsOpeningTag });
    }

    private static bool IsToolResult(ReadOnlyMemory<byte> message)
    {
        using var json = JsonDocument.Parse(message);
        return MessageJson.Text(json.RootElement, "role") == "tool";
    }

    /// <summary>The body of a request, without the fields that the provider is known to refuse.</summary>
    protected abstract RequestBody Write(ModelRequest request, ModelLimits limits);

    protected abstract EventStreamReader NewReader(ProviderErrorMapper failures, ModelRequest request);

    /// <summary>Whether the model is known to send its thoughts as text, with a closing tag only. What its answers show counts more.</summary>
    protected virtual bool OmitsOpeningThinkTag(string model) => false;

    /// <summary>Sends the request and waits for the first chunk of the answer. An error that arrives in its place is a failure like a status.</summary>
    private async ValueTask<CallOutcome> TryOpenAsync(ReadOnlyMemory<byte> body, ModelRequest request, CallTimeouts deadline)
    {
        var outcome = await TrySendAsync(body, deadline);
        if (outcome.Response is not { } response)
            return outcome;
        var answer = new OpenAnswer(response, await response.Content.ReadAsStreamAsync(CancellationToken.None), NewReader(outcome.Failures, request));
        try
        {
            while (!answer.Reader.HasNext() && !answer.Reader.IsOver)
                await ReceiveAsync(answer.Stream, answer.Reader, outcome.Failures, deadline);
            return outcome with { Answer = answer };
        }
        catch (ModelException failure) when (answer.Reader.Refusal is not null || (failure.Error.Retryable && !deadline.Token.IsCancellationRequested))
        {
            await answer.DisposeAsync();
            return outcome with { Failure = failure, Refusal = answer.Reader.Refusal };
        }
        catch
        {
            await answer.DisposeAsync();
            throw;
        }
    }

    private async ValueTask<CallOutcome> TrySendAsync(ReadOnlyMemory<byte> body, CallTimeouts deadline)
    {
        try
        {
            return await call.TrySendAsync(body, deadline);
        }
        catch (OperationCanceledException failure) when (deadline.Token.IsCancellationRequested)
        {
            throw deadline.GivenUp(new ProviderErrorMapper(Endpoint.Provider, Endpoint.ApiKey), failure);
        }
    }

    // Waits once for each packet of a paced answer: pooled, so that a piece of text costs no allocation.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask ReceiveAsync(Stream stream, EventStreamReader answer, ProviderErrorMapper failures, CallTimeouts deadline)
    {
        try
        {
            var read = stream.ReadAsync(answer.Space(), deadline.Token);
            if (read.IsCompletedSuccessfully)
            {
                answer.Received(read.Result);
                return;
            }

            var isAfterFinish = answer.ExpectsNoContent;
            deadline.StartWaiting(isAfterFinish ? TimeSpan.FromTicks(Math.Max(0, (LongestWaitAfterFinish - answer.WaitedAfterFinish).Ticks)) : null);
            answer.Received(await read);
            var waited = deadline.StopWaiting();

            // Comments that follow the finish do not extend the wait for its end.
            if (isAfterFinish)
                answer.WaitedAfterFinish += waited;
        }
        catch (Exception failure) when (IsNoMore(failure, deadline) && answer.CanEnd)
        {
            answer.End();
        }
        catch (Exception failure) when (failure is not ModelException && deadline.Token.IsCancellationRequested)
        {
            throw deadline.GivenUp(failures, failure);
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException)
        {
            throw failures.BrokenOff(failure);
        }
    }

    private static bool IsNoMore(Exception failure, CallTimeouts deadline) => deadline.Token.IsCancellationRequested
        ? deadline.IsTimeOver && failure is not ModelException
        : failure is IOException or HttpRequestException;
}
