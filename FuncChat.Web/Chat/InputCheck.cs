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
    public static AppError? FindError(JsonElement messages, ResolvedModel model)
    {
        var capabilities = model.Capabilities;
        if (capabilities is not ({ Images: false } or { Audio: false } or { Files: false }))
            return null;
        var index = 0;
        foreach (var message in messages.EnumerateArray())
        {
            var path = $"$.messages[{index++}].content";
            if (!message.TryGetProperty("content", out var content) || content.ValueKind != JsonValueKind.Array || message.GetProperty("role").ValueEquals("assistant"))
                continue;
            var place = 0;
            foreach (var part in content.EnumerateArray())
            {
                if (NameOfRefused(part, capabilities) is { } refused)
                    return JsonField.Error($"{path}[{place}]", $"The model {model.Id} does not accept {refused}. Choose another model, or send text.");
                place++;
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
