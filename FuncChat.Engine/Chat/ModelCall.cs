using FuncChat.Engine.Events;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Telemetry;
using FuncChat.Engine.Turns;
using FuncChat.Engine.Usage;

namespace FuncChat.Engine.Chat;

/// <summary>One model call of a turn: its pieces become events as they arrive, and the complete answer is kept.</summary>
/// <param name="iteration">The number of the call in its turn.</param>
/// <param name="showText">Shows a piece of the answer's text in another way than as a `delta`; it is as <see cref="ModelChunk.EscapedText"/>.</param>
internal sealed class ModelCall(
    TurnEventWriter events, int iteration, int maxAnswerBytes, EngineTelemetry telemetry, TimeProvider time,
    Action<ReadOnlyMemory<byte>>? showText = null)
{
    private readonly TextPieces _pieces = new(events);

    /// <summary>Milliseconds from the call to the first piece of its answer; null where none arrived.</summary>
    public double? FirstTokenMs { get; private set; }

    public double DurationMs { get; private set; }

    /// <summary>Calls the model. The answer has a finish reason, and its usage the cost.</summary>
    /// <param name="reservation">The call as it was reserved. It is settled here.</param>
    /// <exception cref="ModelException">The call failed.</exception>
    public async Task<ModelAnswer> RunAsync(ResolvedModel model, TokenReservation reservation, CancellationToken cancellationToken)
    {
        var request = reservation.Request;
        var observed = telemetry.StartModelCall(model, request, time);
        var answer = new ModelAnswer();
        try
        {
            try
            {
                await ReadAsync(answer, model.Model, request, cancellationToken);
            }
            finally
            {
                _pieces.End();
            }

            Observe();
            observed.Succeed(answer.FinishReason!, () => answer.ToMessage().Utf8);
            reservation.Succeed(answer.Usage, answer.Size);
            answer.Usage = reservation.Price(answer.Usage);
            return answer;
        }
        catch (Exception failure)
        {
            Observe();
            observed.Fail(failure);
            reservation.Fail(failure, answer.Usage, answer.Size);
            throw;
        }

        void Observe() => observed.Observe(FirstTokenMs, answer.Usage, answer.ResponseModel);
    }

    private async Task ReadAsync(ModelAnswer answer, IModel model, ModelRequest request, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        await using var chunks = model.StreamAsync(request, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            // What one read from the upstream returned is shown together, and before waiting for the next.
            var next = chunks.MoveNextAsync();
            if (!next.IsCompleted)
            {
                _pieces.Flush();
                await events.PublishAsync();
            }

            if (!await next)
                break;

            var chunk = chunks.Current;
            if (chunk.Kind <= ModelChunkKind.ToolCall)
                FirstTokenMs ??= Milliseconds.Since(started, time);
            Add(answer, chunk);
            if (answer.Size > maxAnswerBytes)
                throw Failure($"The model's answer is longer than the {maxAnswerBytes} bytes that this server accepts.", retryable: false);
        }

        DurationMs = Milliseconds.Since(started, time);
        if (answer.FinishReason is null)
            throw Failure("The model's answer was cut off. Try again.", retryable: true);
    }

    private void Add(ModelAnswer answer, in ModelChunk chunk)
    {
        switch (chunk.Kind)
        {
            case ModelChunkKind.Text when !chunk.EscapedText.IsEmpty:
                if (showText is null)
                {
                    _pieces.Add(chunk.Kind, chunk.EscapedText.Span);
                }
                else
                {
                    _pieces.End();
                    showText(chunk.EscapedText);
                }

                answer.AddText(chunk.EscapedText.Span);
                break;
            case ModelChunkKind.Reasoning when !chunk.EscapedText.IsEmpty:
                _pieces.Add(chunk.Kind, chunk.EscapedText.Span);
                answer.AddReasoning(chunk.EscapedText.Span);
                break;
            case ModelChunkKind.Refusal when !chunk.EscapedText.IsEmpty:
                if (showText is null)
                    _pieces.Add(chunk.Kind, chunk.EscapedText.Span);
                answer.AddRefusal(chunk.EscapedText.Span);
                break;
            case ModelChunkKind.ToolCall:
                answer.Add(chunk.ToolCall);
                break;
            case ModelChunkKind.State:
                answer.Add(chunk.State);
                break;
            case ModelChunkKind.Sources:
                answer.Sources = chunk.Sources;
                break;
            case ModelChunkKind.Retry:
                _pieces.End();
                events.Append(RetryOf(chunk.Retry));
                break;
            case ModelChunkKind.Usage:
                answer.Usage = chunk.Usage;
                break;
            case ModelChunkKind.Finish:
                answer.FinishReason = chunk.FinishReason;
                answer.ResponseModel = chunk.ResponseModel;
                break;
        }
    }

    private LlmRetryEvent RetryOf(ModelRetry retry) =>
        new(iteration, retry.Attempt, Math.Round(retry.Wait.TotalSeconds, 3), retry.Error.Code, retry.Error.Message);

    private static ModelException Failure(string message, bool retryable) =>
        new(new AppError(ErrorCode.UpstreamError, message) { Retryable = retryable });
}
