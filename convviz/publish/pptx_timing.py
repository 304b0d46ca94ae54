"""The timing tree of a slide with one movie, in PresentationML (ECMA-376 part 1, §19.5), as PowerPoint writes it.

It has three parallel nodes: the main sequence, which starts the movie with the slide; the movie, which repeats forever;
and an interactive sequence, in which a click on the movie pauses or resumes it.
"""

from __future__ import annotations

TIMING = """<p:timing {namespaces}><p:tnLst><p:par>
<p:cTn id="1" dur="indefinite" restart="never" nodeType="tmRoot"><p:childTnLst>
  <p:seq concurrent="1" nextAc="seek">
    <p:cTn id="2" dur="indefinite" nodeType="mainSeq"><p:childTnLst>
      <p:par><p:cTn id="3" fill="hold">
        <p:stCondLst><p:cond delay="indefinite"/><p:cond evt="onBegin" delay="0"><p:tn val="2"/></p:cond></p:stCondLst>
        <p:childTnLst><p:par><p:cTn id="4" fill="hold">
          <p:stCondLst><p:cond delay="0"/></p:stCondLst>
          <p:childTnLst><p:par>
            <p:cTn id="5" presetID="1" presetClass="mediacall" presetSubtype="0" fill="hold" nodeType="afterEffect">
              <p:stCondLst><p:cond delay="0"/></p:stCondLst>
              <p:childTnLst><p:cmd type="call" cmd="playFrom(0.0)"><p:cBhvr>
                <p:cTn id="6" dur="{milliseconds}" fill="hold"/><p:tgtEl><p:spTgt spid="{shape_id}"/></p:tgtEl>
              </p:cBhvr></p:cmd></p:childTnLst>
            </p:cTn>
          </p:par></p:childTnLst>
        </p:cTn></p:par></p:childTnLst>
      </p:cTn></p:par>
    </p:childTnLst></p:cTn>
    <p:prevCondLst><p:cond evt="onPrev" delay="0"><p:tgtEl><p:sldTgt/></p:tgtEl></p:cond></p:prevCondLst>
    <p:nextCondLst><p:cond evt="onNext" delay="0"><p:tgtEl><p:sldTgt/></p:tgtEl></p:cond></p:nextCondLst>
  </p:seq>
  <p:video><p:cMediaNode vol="80000">
    <p:cTn id="7" repeatCount="indefinite" fill="hold" display="0">
      <p:stCondLst><p:cond delay="indefinite"/></p:stCondLst>
    </p:cTn>
    <p:tgtEl><p:spTgt spid="{shape_id}"/></p:tgtEl>
  </p:cMediaNode></p:video>
  <p:seq concurrent="1" nextAc="seek">
    <p:cTn id="8" restart="whenNotActive" fill="hold" evtFilter="cancelBubble" nodeType="interactiveSeq">
      <p:stCondLst>
        <p:cond evt="onClick" delay="0"><p:tgtEl><p:spTgt spid="{shape_id}"/></p:tgtEl></p:cond>
      </p:stCondLst>
      <p:endSync evt="end" delay="0"><p:rtn val="all"/></p:endSync>
      <p:childTnLst><p:par><p:cTn id="9" fill="hold">
        <p:stCondLst><p:cond delay="0"/></p:stCondLst>
        <p:childTnLst><p:par><p:cTn id="10" fill="hold">
          <p:stCondLst><p:cond delay="0"/></p:stCondLst>
          <p:childTnLst><p:par>
            <p:cTn id="11" presetID="2" presetClass="mediacall" presetSubtype="0" fill="hold" nodeType="clickEffect">
              <p:stCondLst><p:cond delay="0"/></p:stCondLst>
              <p:childTnLst><p:cmd type="call" cmd="togglePause"><p:cBhvr>
                <p:cTn id="12" dur="1" fill="hold"/><p:tgtEl><p:spTgt spid="{shape_id}"/></p:tgtEl>
              </p:cBhvr></p:cmd></p:childTnLst>
            </p:cTn>
          </p:par></p:childTnLst>
        </p:cTn></p:par></p:childTnLst>
      </p:cTn></p:par></p:childTnLst>
    </p:cTn>
    <p:nextCondLst>
      <p:cond evt="onClick" delay="0"><p:tgtEl><p:spTgt spid="{shape_id}"/></p:tgtEl></p:cond>
    </p:nextCondLst>
  </p:seq>
</p:childTnLst></p:cTn>
</p:par></p:tnLst></p:timing>"""
"""Format string with the fields `namespaces` (declarations), `shape_id` (of the movie) and `milliseconds`."""
