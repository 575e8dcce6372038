using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace FuncChat.Engine.Models.OpenAi;

/// <summary>A provider that speaks OpenAI's chat completions. One instance serves any number of calls at once.</summary>
/// <param name="http">From <see cref="OpenAiHttp.CreateClient"/>; may be shared with other providers.</param>
internal sealed class OpenAiModel(HttpClient http, OpenAiEndpoint endpoint, TimeProvider time, ILogger<OpenAiModel> logger) : IModel
{
    private readonly OpenAiCall _call = new(http, endpoint, time, logger);

    public async IAsyncEnumerable<ModelChunk> StreamAsync(
        ModelRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var deadline = new CallTimeouts(endpoint.IdleTimeout, endpoint.OverallTimeout, time, cancellationToken);
        using var response = await SendAsync(request, deadline, cancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var answer = new AnswerReader(_call.Failures);
        while (true)
        {
            while (answer.TryRead(out var chunk))
                yield return chunk;
            if (answer.IsOver)
                yield break;
            await ReceiveAsync(body, answer, deadline, cancellationToken);
        }
    }

    private async ValueTask<HttpResponseMessage> SendAsync(ModelRequest request, CallTimeouts deadline, CancellationToken cancellationToken)
    {
        var body = OpenAiRequestBody.Write(request, endpoint.TokenLimitField);
        try
        {
            return await _call.SendAsync(body, deadline);
        }
        catch (Exception failure) when (failure is not ModelException && deadline.Token.IsCancellationRequested)
        {
            throw GivenUp(deadline, failure, cancellationToken);
        }
    }

    // Waits once for each packet of a paced answer: pooled, so that a piece of text costs no allocation.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ReceiveAsync(Stream body, AnswerReader answer, CallTimeouts deadline, CancellationToken cancellationToken)
    {
        try
        {
            var read = body.ReadAsync(answer.Space(), deadline.Token);
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
            throw GivenUp(deadline, failure, cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException)
        {
            throw _call.Failures.BrokenOff(failure);
        }
    }

    private Exception GivenUp(CallTimeouts deadline, Exception failure, CancellationToken cancellationToken) => deadline.IsTimeOver
        ? _call.Failures.TimedOut(deadline, failure)
        : new OperationCanceledException(failure.Message, failure, cancellationToken);
}
