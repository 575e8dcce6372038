using FuncChat.Engine.Models;

namespace FuncChat.Engine.Usage;

/// <summary>The tokens that a model call has reserved. Settled once, when the call ends.</summary>
/// <param name="Input">The estimated input.</param>
/// <param name="Amount">The estimated input and the largest output.</param>
internal sealed record TokenReservation(TokenMeter Meter, UsageWindow Window, long Input, long Amount)
{
    /// <summary>Counts a call that ended with an answer: what the provider reports, or an estimate if it reports nothing.</summary>
    public void Succeed(ModelUsage? reported, long answerBytes)
    {
        var usage = Clamp(reported);
        Meter.Settle(this, usage.InputTokens + usage.OutputTokens is > 0 and var total ? total : Input + TokenEstimate.OfAnswer(answerBytes));
    }

    /// <summary>
    /// Counts a call that failed or was stopped: the estimate, or more if the provider has reported more. A call that the provider turned away costs
    /// nothing.
    /// </summary>
    public void Fail(Exception failure, ModelUsage? reported, long answerBytes)
    {
        var usage = Clamp(reported);
        var turnedAway = answerBytes == 0 && failure is ModelException { Error.Code: ErrorCode.RateLimited or ErrorCode.ConfigurationError };
        Meter.Settle(this, turnedAway ? 0 : Math.Max(usage.InputTokens, Input) + Math.Max(usage.OutputTokens, TokenEstimate.OfAnswer(answerBytes)));
    }

    private static ModelUsage Clamp(ModelUsage? usage) =>
        new(Math.Clamp(usage?.InputTokens ?? 0, 0, ModelUsage.Most), Math.Clamp(usage?.OutputTokens ?? 0, 0, ModelUsage.Most));
}
