using System.Runtime.CompilerServices;

namespace FuncChat.Engine.Models.Http;

/// <summary>
/// A model that is called over HTTP and streams its answer as server-sent events. One instance serves any number of calls at once. A subclass
/// writes the requests and reads the events of one API.
/// </summary>
internal abstract class HttpModel(ProviderCall call) : IModel
{
    // A strict server may refuse one field after the other.
    private const int MostAdaptations = 4;

    private readonly LearnedLimits _learned = new();

    protected ProviderEndpoint Endpoint => call.Endpoint;

    public async IAsyncEnumerable<ModelChunk> StreamAsync(
        ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var deadline = new CallTimeouts(Endpoint.IdleTimeout, Endpoint.OverallTimeout, call.Time, cancellationToken);
        var limits = _learned.Of(request.Model);
        CallOutcome outcome;
        for (int failed = 0, adapted = 0; ;)
        {
            var body = Write(request, limits);
            outcome = await TrySendAsync(body.Json, deadline, cancellationToken);
            if (outcome.Failure is not { } failure)
                break;
            if (adapted < MostAdaptations && outcome.Refusal is { } refusal && RefusedFields.Find(refusal, body, limits) is { } narrower)
            {
                adapted++;
                limits = narrower;
                continue;
            }

            if (call.WaitBefore(++failed, failure.Error) is not { } wait)
                throw failure;
            yield return ModelChunk.OfRetry(new ModelRetry(failed, wait, failure.Error));
            await DelayAsync(wait, outcome.Failures, deadline, cancellationToken);
        }

        using var response = outcome.Response!;
        _learned.Remember(request.Model, limits);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var answer = NewReader(outcome.Failures, request);
        var thoughts = new ThinkTags(limits.OmitsOpeningThinkTag);
        while (true)
        {
            while (answer.TryRead(out var chunk))
            {
                if (thoughts.IsOver)
                {
                    if (chunk.Kind is ModelChunkKind.Text)
                        thoughts.Watch(chunk.EscapedText.Span);
                    yield return chunk;
                    continue;
                }

                foreach (var piece in thoughts.Split(chunk))
                    yield return piece;
            }
            if (answer.IsOver)
                break;
            await ReceiveAsync(stream, answer, outcome.Failures, deadline, cancellationToken);
        }

        if (thoughts.OmitsOpeningTag != limits.OmitsOpeningThinkTag)
            _learned.Remember(request.Model, limits with { OmitsOpeningThinkTag = thoughts.OmitsOpeningTag });
    }

    /// <summary>The body of a request, without the fields that the provider is known to refuse.</summary>
    protected abstract RequestBody Write(ModelRequest request, ModelLimits limits);

    protected abstract EventStreamReader NewReader(ProviderErrorMapper failures, ModelRequest request);

    private async ValueTask<CallOutcome> TrySendAsync(ReadOnlyMemory<byte> body, CallTimeouts deadline, CancellationToken cancellationToken)
    {
        try
        {
            return await call.TrySendAsync(body, deadline);
        }
        catch (OperationCanceledException failure) when (deadline.Token.IsCancellationRequested)
        {
            throw GivenUp(new ProviderErrorMapper(Endpoint.Provider, Endpoint.ApiKey), deadline, failure, cancellationToken);
        }
    }

    private async Task DelayAsync(TimeSpan wait, ProviderErrorMapper failures, CallTimeouts deadline, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(wait, call.Time, deadline.Token);
        }
        catch (OperationCanceledException failure)
        {
            throw GivenUp(failures, deadline, failure, cancellationToken);
        }
    }

    // Waits once for each packet of a paced answer: pooled, so that a piece of text costs no allocation.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private static async ValueTask ReceiveAsync(
        Stream stream, EventStreamReader answer, ProviderErrorMapper failures, CallTimeouts deadline, CancellationToken cancellationToken)
    {
        try
        {
            var read = stream.ReadAsync(answer.Space(), deadline.Token);
            if (read.IsCompletedSuccessfully)
            {
                answer.Received(read.Result);
                return;
            }

            deadline.StartWaiting();
            answer.Received(await read);
            deadline.StopWaiting();
        }
        catch (Exception failure) when (failure is not ModelException && deadline.Token.IsCancellationRequested)
        {
            throw GivenUp(failures, deadline, failure, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException)
        {
            throw failures.BrokenOff(failure);
        }
    }

    private static Exception GivenUp(
        ProviderErrorMapper failures, CallTimeouts deadline, Exception failure, CancellationToken cancellationToken) => deadline.IsTimeOver
        ? failures.TimedOut(deadline, failure)
        : new OperationCanceledException(failure.Message, failure, cancellationToken);
}
