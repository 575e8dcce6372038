using FuncChat.Engine;
using FuncChat.Engine.Models.Catalog;
using FuncChat.Engine.Plans;
using FuncChat.Web.Http;
using FuncChat.Web.Turns;

namespace FuncChat.Web.Plans;

/// <summary>Reads the body of `POST /api/planning`, which is untrusted, and reports the first error with its JSON path.</summary>
internal sealed class PlanRequestParser(ModelCatalog models)
{
    public Result<TurnBody> Parse(ReadOnlyMemory<byte> body)
    {
        var request = RequestJson.Read(body, RequestJsonContext.Default.PlanRequest);
        if (!request.Succeeded)
            return request.Error;
        var (query, model, answers) = (request.Value.Query!, request.Value.Model, request.Value.Answers ?? []);
        if (!models.TryResolve(model, out var resolved, out var unknown))
            return unknown;
        return new TurnBody(request.Value.TurnId, new PlanTurnRequest
        {
            Query = query,
            Model = resolved.Id,
            Resolved = resolved,
            Answers = [.. answers.Select(answer => new PlanAnswer(answer.Question!, answer.Answer!))],
            Fingerprint = $"plan {RequestJson.Fingerprint(body)}",
        });
    }
}
