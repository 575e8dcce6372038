using System.Text;
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
        // Not the whole body: some servers return what they were sent.
        var reason = ProviderError.FromBody(Encoding.UTF8.GetBytes(refusal.Body)).Message ?? refusal.Body;
        var found = body.Sent.Contains(LaterInstructions) && WantsInstructionsFirst().IsMatch(reason) ? LaterInstructions
            : body.Sent.Contains(SameRoles) && WantsTurns().IsMatch(reason) ? SameRoles
            : null;
        return found is null ? null : limits with { Refused = limits.Refused.Add(found) };
    }

    [GeneratedRegex(
        @"\broles?\b.{0,40}\balternat|\bmessage\(s\) should alternate\b|\balternat(?:e|ing)\b.{0,40}\broles?\b|unexpected role.{1,40}after role|consecutive (?:user|assistant) (?:messages|roles)"
        + @"|messages? (?:must|should) (?:start|begin) with (?:an? )?\W{0,3}user\b|first message (?:must|should) .{0,20}\buser\b",
        RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex WantsTurns();

    [GeneratedRegex(
        @"\bsystem (?:message|prompt|role)s? (?:must|should|has to|can only|is only allowed)\b.{0,40}\b(?:beginning|start|first)\b|\b(?:multiple|only one|a single|two) system (?:message|prompt)s?\b|unexpected role.{1,9}system\b",
        RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex WantsInstructionsFirst();
}
