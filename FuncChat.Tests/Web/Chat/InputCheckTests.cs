using System.Text.Json;
using FuncChat.Engine;
using FuncChat.Engine.Files;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Tests.Support;
using FuncChat.Web.Chat;

namespace FuncChat.Tests.Web.Chat;

public sealed class InputCheckTests
{
    private static readonly ModelCapabilities TextOnly = new() { Images = false, Audio = false, Files = false };

    [Theory]
    [InlineData("""{"type":"image_url","image_url":{"url":"https://example.com/a.png"}}""", "images")]
    [InlineData("""{"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}}""", "audio")]
    [InlineData("""{"type":"file","file":{"file_data":"data:application/pdf;base64,AA=="}}""", "files")]
    public void Part_that_the_model_does_not_accept_is_refused_with_the_models_name(string part, string what)
    {
        var error = ErrorOf(part, TextOnly);

        Assert.Equal(("$.messages[0].content[1]", $"The model p:m does not accept {what}. Choose another model, or send text."), (error?.Path, error?.Message));
        Assert.Null(ErrorOf(part, ModelCapabilities.Unknown));
    }

    [Fact]
    public void Uploaded_file_is_accepted_for_every_model() =>
        Assert.Null(ErrorOf($$$"""{"type":"file","file":{"file_id":"{{{FileKey.NewFileId()}}}"}}""", TextOnly));

    private static AppError? ErrorOf(string part, ModelCapabilities capabilities) => InputCheck.FindError(
        JsonElement.Parse($$"""[{"role":"user","content":[{"type":"text","text":"Hi"},{{part}}]}]"""), new ResolvedModel("p", "m", new FakeModel()) { Capabilities = capabilities });
}
