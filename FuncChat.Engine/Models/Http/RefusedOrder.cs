using System.Text.RegularExpressions;

namespace FuncChat.Engine.Models.Http;

/// <summary>Recognizes that a provider refuses messages for the order of their roles, as the chat templates of some models do, so that the call can be repeated in one that it accepts.</summary>
internal static partial class RefusedOrder
{
    /// <summary>Roles that do not alternate: two messages of the user in a row, or an answer at the beginning.</summary>
    public const string SameRoles = "same roles in a row";

    /// <summary>Instructions that are not the first message.</summary>
    public const string LaterInstructions = "instructions after the first message";

    /// <summary>What to send in another way in the next try; null where the refusal has another reason, or the request has nothing of the kind.</summary>
    public static ModelLimits? Find(CallRefusal refusal, RequestBody body, ModelLimits limits)
    {
        // llama.cpp answers 500 where a template fails.
        if (refusal.Status is not (null or 400 or 422 or 500))
            return null;
        var found = body.Sent.Contains(LaterInstructions) && WantsInstructionsFirst().IsMatch(refusal.Body) ? LaterInstructions
            : body.Sent.Contains(SameRoles) && WantsTurns().IsMatch(refusal.Body) ? SameRoles
            : null;
        return found is null ? null : limits with { Refused = limits.Refused.Add(found) };
    }

    [GeneratedRegex(
        @"(?:roles?|messages?(?:\(s\))?)\b.{0,80}\balternat|alternating.{0,40}\b(?:roles?|messages?)\b|unexpected role.{1,40}after role"
        + @"|(?:must|should) (?:start|begin) with (?:an? )?\W{0,3}user\b|first message.{0,40}\buser\b|\buser\b.{0,20} in a row|consecutive.{0,20}\bmessages",
        RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex WantsTurns();

    [GeneratedRegex(
        @"\bsystem\b.{0,60}\b(?:beginning|start|first)\b|\b(?:multiple|one|single|two)\b.{0,20}\bsystem\b|unexpected role.{1,9}system\b",
        RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex WantsInstructionsFirst();
}
