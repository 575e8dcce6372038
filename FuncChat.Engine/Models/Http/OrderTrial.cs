using System.Text;
using System.Text.RegularExpressions;

namespace FuncChat.Engine.Models.Http;

/// <summary>What about the order of a conversation's roles the chat templates of some models refuse.</summary>
[Flags]
internal enum MessageOrders
{
    None = 0,

    /// <summary>Instructions that are not the first message.</summary>
    LaterInstructions = 1,

    /// <summary>Roles that do not alternate: two messages of the user in a row, or an answer at the beginning.</summary>
    SameRoles = 2,
}

/// <summary>
/// Finds out whether a provider refuses a call for the order of its messages. Templates say that in words of their own, so the call is repeated in the orders
/// that all of them accept, and the one that helps is kept.
/// </summary>
internal sealed partial class OrderTrial
{
    private MessageOrders _refused;
    private ModelException? _refusal;
    private bool _isOver;

    /// <summary>What to send in another way in the next try; null where the refusal has another reason, or no other order is left.</summary>
    public ModelLimits? Next(CallRefusal refusal, ModelException failure, RequestBody body, ModelLimits limits)
    {
        if (_isOver || body.Orders == MessageOrders.None || !MayBeAboutOrder(refusal, failure.Error, out var reason))
            return null;
        if (_refusal is null)
            (_refusal, _refused) = (failure, limits.RefusedOrders);
        var order = body.Orders.HasFlag(MessageOrders.LaterInstructions) && (body.Orders == MessageOrders.LaterInstructions || Instructions().IsMatch(reason))
            ? MessageOrders.LaterInstructions
            : MessageOrders.SameRoles;
        return limits with { RefusedOrders = limits.RefusedOrders | order };
    }

    /// <summary>What to report, and what to send next, after a failure that has nothing to change: where other orders did not help, the first failure and the first order.</summary>
    public (ModelLimits Limits, ModelException Failure) Undo(ModelLimits limits, ModelException failure)
    {
        if (_isOver || _refusal is not { } refusal || failure.Error.Code != refusal.Error.Code)
            return (limits, failure);
        _isOver = true;
        return (limits with { RefusedOrders = _refused }, refusal);
    }

    private static bool MayBeAboutOrder(CallRefusal refusal, AppError error, out string reason)
    {
        // Not the whole body: some servers return what they were sent.
        reason = ProviderError.FromBody(Encoding.UTF8.GetBytes(refusal.Body)).Message ?? "";
        return refusal.Status switch
        {
            400 or 422 => error is { Code: ErrorCode.InvalidRequest, Reason: null } && Messages().IsMatch(reason) && (Order().IsMatch(reason) || !Content().IsMatch(reason)),
            // llama.cpp answers 500 where a template fails. Other failures may be over at the next try.
            null or 500 => Templates().IsMatch(reason),
            _ => false,
        };
    }

    [GeneratedRegex(@"\b(?:messages?|roles?|turns?|conversations?|prompts?|templates?|jinja|instructions?|system|developer|user|assistant|alternat\w+|consecutive|successive)\b",
        RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Messages();

    // Not "role" and "system prompt", which reports about their content have as well.
    [GeneratedRegex(@"\b(?:roles|templates?|jinja|alternat(?:e|es|ing)|consecutive|successive|system messages?)\b", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Order();

    [GeneratedRegex(@"\b(?:flagged|safety|polic(?:y|ies)|moderation|images?|files?|tokens?|too (?:long|large))\b", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Content();

    [GeneratedRegex(@"\b(?:roles?|templates?|jinja|alternat(?:e|es|ing)|consecutive|successive)\b|\bsystem (?:message|prompt)s?\b", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Templates();

    [GeneratedRegex(@"\b(?:system|instructions?|developer)\b", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Instructions();
}
