using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Files;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Web.Http;

namespace FuncChat.Web.Chat;

/// <summary>Refuses images, audio and files that the chosen model is known not to accept, before the provider is called.</summary>
internal static class InputCheck
{
    /// <param name="messages">Valid messages.</param>
    /// <param name="pathOf">Returns the JSON path of a message, from its position; that in the field `messages` by default.</param>
    public static AppError? FindError(JsonElement messages, ResolvedModel model, Func<int, string>? pathOf = null)
    {
        var capabilities = model.Capabilities;
        if (capabilities is not ({ Images: false } or { Audio: false } or { Files: false }))
            return null;
        foreach (var (index, message) in messages.EnumerateArray().Index())
        {
            if (!message.TryGetProperty("content", out var content) || content.ValueKind != JsonValueKind.Array || message.GetProperty("role").ValueEquals("assistant"))
                continue;
            foreach (var (place, part) in content.EnumerateArray().Index())
            {
                if (NameOfRefused(part, capabilities) is { } refused)
                {
                    return JsonField.Error(
                        $"{pathOf?.Invoke(index) ?? $"$.messages[{index}]"}.content[{place}]", $"The model {model.Id} does not accept {refused}. Choose another model, or send text.");
                }
            }
        }

        return null;
    }

    // An uploaded file reaches any model, as text if need be (docs/files.md).
    private static string? NameOfRefused(JsonElement part, ModelCapabilities capabilities) => part.GetProperty("type").GetString() switch
    {
        "image_url" when capabilities.Images is false => "images",
        "input_audio" when capabilities.Audio is false => "audio",
        "file" when capabilities.Files is false && FileReferences.IdOf(part) is null => "files",
        _ => null,
    };
}
