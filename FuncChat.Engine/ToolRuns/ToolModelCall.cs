using System.Buffers;
using FuncChat.Engine.Chat;
using FuncChat.Engine.Models;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Telemetry;
using FuncChat.Engine.Usage;
using FuncChat.Tools;

namespace FuncChat.Engine.ToolRuns;

/// <summary>A model call that a tool makes: reported when it starts and when it has ended, its text returned as a whole.</summary>
internal sealed class ToolModelCall(ResolvedModel model, string user, TokenMeter meter, EngineTelemetry telemetry, TimeProvider time)
{
    private const int MaxTextBytes = 1024 * 1024;

    // Reasoning and tool calls are not returned, but endless ones must end.
    private const int MaxReceivedBytes = 8 * MaxTextBytes;

    /// <summary>Whether the caller can wait until a budget is raised. If not, a call that a budget has no room for fails.</summary>
    public bool WaitsForBudget { get; init; }

    /// <exception cref="ToolException">The model call failed.</exception>
    /// <exception cref="BudgetNeededException">A budget must be raised first.</exception>
    public async Task<string> RunAsync(
        string phase, int iteration, string instructions, string prompt, Action<ToolModelEvent> report, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var request = RequestOf(instructions, prompt);
        var reservation = await ReserveAsync(request);
        request = reservation.Request;
        var observed = telemetry.StartModelCall(model, request, time);
        string? responseModel = null;
        var written = 0L; // text and reasoning
        var others = new ModelAnswer(); // what a model writes besides
        var call = new ToolModelEvent(phase, iteration, model.Provider, model.Name);
        report(call);
        var text = new ArrayBufferWriter<byte>();
        try
        {
            await foreach (var chunk in model.Model.StreamAsync(request, cancellationToken))
            {
                written += chunk.EscapedText.Length;
                switch (chunk.Kind)
                {
                    case ModelChunkKind.Text or ModelChunkKind.Refusal:
                        call = call with { FirstTokenMs = call.FirstTokenMs ?? Milliseconds.Since(started, time) };
                        text.Write(chunk.EscapedText.Span);
                        break;
                    case ModelChunkKind.ToolCall:
                        others.Add(chunk.ToolCall);
                        break;
                    case ModelChunkKind.State:
                        others.Add(chunk.State);
                        break;
                    case ModelChunkKind.Usage:
                        call = call with { Usage = chunk.Usage };
                        break;
                    case ModelChunkKind.Finish:
                        call = call with { FinishReason = chunk.FinishReason };
                        responseModel = chunk.ResponseModel;
                        break;
                }

                if (text.WrittenCount > MaxTextBytes || written + others.Size > MaxReceivedBytes)
                    throw new ToolException("The model's answer to the tool was too long.");
            }

            if (call.FinishReason is null)
                throw new ToolException("The model's answer to the tool was incomplete.");
        }
        catch (Exception e)
        {
            call = call with { FinishReason = "error" };
            observed.Observe(call.FirstTokenMs, call.Usage, responseModel);
            observed.Fail(e);
            reservation.Fail(e, call.Usage, written + others.Size);
            if (e is not ModelException failure)
                throw;
            throw new ToolException($"The model call failed: {failure.Error.Message}", e);
        }
        finally
        {
            report(call with { Usage = reservation.Price(call.Usage), DurationMs = Milliseconds.Since(started, time) });
        }

        reservation.Succeed(call.Usage, written + others.Size);

        // A text that is cut in an emoji ends with half a surrogate pair, which is no text.
        var answer = JsonStringBytes.Unescape(LoneSurrogates.Replace(text.WrittenMemory).Span);
        observed.Observe(call.FirstTokenMs, call.Usage, responseModel);
        observed.Succeed(call.FinishReason, () => PlainMessage.Write("assistant", answer));
        return answer;
    }

    private async ValueTask<TokenReservation> ReserveAsync(ModelRequest request)
    {
        try
        {
            if (!WaitsForBudget)
                return await meter.ReserveAsync(user, model, request);
            var (reservation, shortage) = await meter.TryReserveAsync(user, model, request);
            return reservation ?? throw new BudgetNeededException(meter.NeedOf(shortage!));
        }
        catch (ModelException e)
        {
            throw new ToolException(e.Error.Message, e);
        }
    }

    private ModelRequest RequestOf(string instructions, string prompt) => new()
    {
        Model = model.Name,
        Messages = [PlainMessage.Write("system", instructions), PlainMessage.Write("user", prompt)],
    };
}
