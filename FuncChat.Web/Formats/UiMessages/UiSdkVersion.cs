using FuncChat.Engine;
using FuncChat.Web.Http;
using Microsoft.AspNetCore.Http;

namespace FuncChat.Web.Formats.UiMessages;

/// <summary>The major version of the AI SDK that a client uses. Every version throws on chunks that it does not know.</summary>
/// <param name="Major">5, 6 or 7.</param>
internal readonly record struct UiSdkVersion(int Major)
{
    public const string Header = "X-AI-SDK-Version";

    public static UiSdkVersion Default { get; } = new(6);

    public static AppError Invalid { get; } = JsonField.Error(Header, $"{Header} must be the major version of the AI SDK: 5, 6 or 7.");

    /// <summary>Whether the client knows `tool-approval-request` and `tool-output-denied`.</summary>
    public bool HasApprovals => Major >= 6;

    /// <summary>Whether the client keeps the metadata of `tool-input-start`. The first versions refuse it.</summary>
    public bool StartsInputWithMetadata => Major >= 6;

    /// <summary>Whether the client knows the `finishReason` of `finish`. The first versions refuse it.</summary>
    public bool HasFinishReason => Major >= 6;

    /// <summary>Whether the client knows `reset-step`, which 7.0.70 added.</summary>
    public bool HasResets => Major >= 7;

    /// <summary>Reads the version that the request names; <see cref="Default"/> if it names none.</summary>
    /// <returns>False if it names one that this server does not know.</returns>
    public static bool TryRead(HttpRequest request, out UiSdkVersion version)
    {
        version = Default;
        var text = request.Headers[Header].ToString();
        if (text.Length == 0)
            return true;
        if (!WholeNumber.TryRead(text, out int major) || major is < 5 or > 7)
            return false;
        version = new UiSdkVersion(major);
        return true;
    }
}
