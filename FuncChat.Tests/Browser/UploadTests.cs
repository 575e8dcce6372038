using System.Text;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace FuncChat.Tests.Browser;

/// <summary>Attachments of users who sign in, which the server keeps.</summary>
[Trait("Category", "Browser")]
public sealed class UploadTests(Chrome chrome) : SignInBench(chrome)
{
    [Fact]
    public async Task Attachment_is_uploaded_its_text_reaches_the_model_and_a_refused_file_keeps_the_draft()
    {
        Model.Says("At noon.");
        await Page.SignInAsync("ada");
        await Expect(Page.Model).ToBeVisibleAsync();
        await Page.Message.FillAsync("When?");

        await AttachAsync("tool.bin", "application/octet-stream", [0x7f, 0x45, 0x4c, 0x46, 0, 1, 0xff, 0xfe]);
        await Expect(Page.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("tool.bin could not be uploaded.");
        await Expect(Page.Message).ToHaveValueAsync("When?");
        await AttachAsync("notes.txt", "text/plain", Encoding.UTF8.GetBytes("The tide turns at noon."));
        await Expect(Page.Page.GetByRole(AriaRole.List, new() { Name = "Attachments" })).ToContainTextAsync("notes.txt");
        await Page.PressButtonAsync("Send message");

        await Expect(Page.Answer).ToContainTextAsync("At noon.");
        await Expect(Page.Questions).ToContainTextAsync("notes.txt");
        Assert.Contains("The tide turns at noon.", Model.Requests[^1].Body.GetRawText(), StringComparison.Ordinal);
        var stored = await Page.Page.EvaluateAsync<string>(
            """
            async () => {
              const name = (await indexedDB.databases())[0].name;
              const open = indexedDB.open(name);
              await new Promise(done => open.onsuccess = done);
              const all = open.result.transaction('nodes').objectStore('nodes').getAll();
              await new Promise(done => all.onsuccess = done);
              return JSON.stringify(all.result);
            }
            """);
        Assert.Contains("\"fileId\":\"file_", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("The tide turns", stored, StringComparison.Ordinal);
        Assert.Empty(Page.Errors);
    }

    private Task AttachAsync(string name, string type, byte[] content) =>
        Page.Field("Attach files").SetInputFilesAsync(new FilePayload { Name = name, MimeType = type, Buffer = content });
}
