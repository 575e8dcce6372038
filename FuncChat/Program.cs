using FuncChat;
using FuncChat.Web;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

SocketCompletions.RunInline();

try
{
    using var app = await Worker.BuildAsync(args);
    await app.RunAsync();
    return 0;
}
catch (OptionsValidationException wrong)
{
    return wrong.Print();
}
